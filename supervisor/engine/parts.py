"""What an engine is put together from."""

from collections.abc import Awaitable, Callable, Set
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from supervisor.core.events import Event
from supervisor.core.models import BatchSpec
from supervisor.core.progress import Search, bar
from supervisor.core.state import Batch
from supervisor.engine.detectors import Detector
from supervisor.engine.errands import Judge
from supervisor.engine.pump import Pump
from supervisor.engine.runners import Runners
from supervisor.engine.sources import Sources
from supervisor.ports import (
    Artifacts,
    Backend,
    Clock,
    Commands,
    Containers,
    EngineApi,
    GpuGauges,
    Gpus,
    Journal,
    LogSearcher,
    Machine,
    Notifier,
    Witness,
)
from supervisor.ports.batch_file import BatchFile

Submit = Callable[[Event], Awaitable[None]]
Banner = Callable[[str, str | None, str], None]
"""Shows trouble of the engine itself under a key, with the command that helps; None: it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The outside world of one engine. What needs the batch or the loop is made by a call."""

    journal: Journal
    clock: Clock
    commands: Commands
    artifacts: Artifacts
    free_bytes: Callable[[], int]
    """Of the disk that holds the state directory."""
    backend: Callable[[str], Backend]
    """Makes the backend of the batch with this uuid."""
    pump: Callable[[Submit, Banner], Pump]
    serve: Callable[[EngineApi, str], AbstractAsyncContextManager[None]]
    home: Path
    environment: Set[str]
    """The names that are set; attempts inherit them."""
    version: str
    runners: Callable[[Callable[[], Batch]], Runners] | None = None
    """Makes what asks runners and reads their results, for the batch that the call returns."""
    sources: Callable[[Submit, Callable[[], Batch]], Sources] | None = None
    """Makes what reads files beside the streams, for the batch that the call returns."""
    judge: Judge | None = None
    """What the output of a limit's own command tells."""
    detector: Callable[[BatchSpec], Detector] | None = None
    """Makes what judges text for another batch file; may take seconds."""
    batch_file: BatchFile | None = None
    """Watches the edited batch file; None: nobody does."""
    counter: Callable[[str], Search] = lambda _pattern: bar
    """Makes what searches a line for the counter that a regular expression describes."""
    notifier: Notifier | None = None
    searcher: LogSearcher | None = None
    """Finds lines of logs for clients; None: nobody does."""
    gpus: Gpus | None = None
    """Looks at the GPUs of this machine; None: nobody does."""
    gpu_gauges: GpuGauges | None = None
    """Reads their figures for clients; None: nobody does."""
    machine: Machine | None = None
    """Looks at this machine for clients; None: nobody does."""
    containers: Callable[[], Containers] | None = None
    """Makes what looks at this machine's containers, once the batch makes any; None: nobody does."""
    witness: Callable[[str], Witness] | None = None
    """Makes what sees who makes them, for the batch with this uuid; called as ``containers`` is."""
    linger_s: float = 1.0
    """How long a batch that is done waits for a reader."""
