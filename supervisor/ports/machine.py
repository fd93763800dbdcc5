"""What looks at this machine as a whole: its cores, memory and disks, and processes on it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from supervisor.core.machine import GpuFigures, LoadSeen, MachineSeen, ProcessSeen


class Machine(Protocol):
    """The machine that the engine runs on."""

    def load(self) -> LoadSeen:
        """Return how busy it has been until now; next to free."""
        ...

    def look(self, places: Mapping[str, str]) -> MachineSeen:
        """Return it as it is now; takes about a millisecond.

        ``places`` are directories by what they hold for the batch; the disks they lie on are told,
        each once, and a directory that is not there is left out.
        """
        ...

    def processes(self, pids: Sequence[int]) -> ProcessSeen:
        """Return threads and open files of these processes together; those that ended are left out."""
        ...


class GpuGauges(Protocol):
    """What reads the figures of this machine's GPUs."""

    def figures(self) -> Sequence[GpuFigures]:
        """Return those of each GPU, in the order of their indexes; may take some milliseconds.

        Raises:
            GpusUnseenError: none can be seen; its words tell why and what helps.
        """
        ...
