"""What the engine and its clients need from outside, as protocols, with the errors each may raise.

A name is loaded when it is first asked for: a screen needs few of them, and each costs time before
its first picture.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supervisor.ports.attempts import (
        Alive,
        Backend,
        Gone,
        Notice,
        Outage,
        Ref,
        Report,
        Traits,
        Try,
        Unknown,
        Usage,
    )
    from supervisor.ports.clients import Answer, Arrival, EngineApi, Hits, LogWindow
    from supervisor.ports.containers import (
        Containers,
        Daemon,
        Ended,
        Leftovers,
        Seen,
    )
    from supervisor.ports.errors import (
        ArtifactError,
        BackendGoneError,
        ConfigError,
        DaemonRefusedError,
        DaemonUnreachableError,
        EngineBusyError,
        EngineGoneError,
        EngineTooNewError,
        GpusUnseenError,
        JournalError,
        JournalFullError,
        JournalNewerError,
        NoSuchContainerError,
        NoSuchTaskError,
        SupervisorError,
    )
    from supervisor.ports.gpus import Gpus
    from supervisor.ports.logs import Chunk, Follower, LogSearcher, Match, Scanner
    from supervisor.ports.machine import GpuGauges, Machine
    from supervisor.ports.memory import Artifacts, Decision, Entry, Journal, Stored
    from supervisor.ports.results import Look, Results, Said
    from supervisor.ports.surroundings import Clock, Commands, Errand, Notifier, Ran
    from supervisor.ports.witness import Known, Witness

__all__ = [
    "Alive",
    "Answer",
    "Arrival",
    "ArtifactError",
    "Artifacts",
    "Backend",
    "BackendGoneError",
    "Chunk",
    "Clock",
    "Commands",
    "ConfigError",
    "Containers",
    "Daemon",
    "DaemonRefusedError",
    "DaemonUnreachableError",
    "Decision",
    "Ended",
    "EngineApi",
    "EngineBusyError",
    "EngineGoneError",
    "EngineTooNewError",
    "Entry",
    "Errand",
    "Follower",
    "Gone",
    "GpuGauges",
    "Gpus",
    "GpusUnseenError",
    "Hits",
    "Journal",
    "JournalError",
    "JournalFullError",
    "JournalNewerError",
    "Known",
    "Leftovers",
    "LogSearcher",
    "LogWindow",
    "Look",
    "Machine",
    "Match",
    "NoSuchContainerError",
    "NoSuchTaskError",
    "Notice",
    "Notifier",
    "Outage",
    "Ran",
    "Ref",
    "Report",
    "Results",
    "Said",
    "Scanner",
    "Seen",
    "Stored",
    "SupervisorError",
    "Traits",
    "Try",
    "Unknown",
    "Usage",
    "Witness",
]

_LIGHTEST_FIRST = (
    "errors",
    "clients",
    "surroundings",
    "logs",
    "results",
    "attempts",
    "memory",
    "gpus",
    "machine",
    "containers",
    "witness",
)


def __getattr__(name: str) -> object:
    """Return the port or error called ``name``, loading modules until one has it."""
    if name in __all__:
        for module in _LIGHTEST_FIRST:
            port: object = getattr(import_module(f"{__name__}.{module}"), name, None)
            if port is not None:
                globals()[name] = port
                return port
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
