"""What the engine and its clients need from outside, as protocols, with the errors each may raise."""

from supervisor.ports.attempts import Alive, Backend, Gone, Ref, Report, Traits, Try, Unknown, Usage
from supervisor.ports.clients import Answer, EngineApi, LogWindow
from supervisor.ports.errors import (
    ArtifactError,
    BackendGoneError,
    ConfigError,
    EngineBusyError,
    EngineGoneError,
    EngineTooNewError,
    JournalError,
    JournalFullError,
    JournalNewerError,
    NoSuchTaskError,
    SupervisorError,
)
from supervisor.ports.logs import Chunk, Follower, Match, Scanner
from supervisor.ports.memory import Artifacts, Decision, Entry, Journal, Stored
from supervisor.ports.results import Look, Results
from supervisor.ports.surroundings import Clock, Commands

__all__ = [
    "Alive",
    "Answer",
    "ArtifactError",
    "Artifacts",
    "Backend",
    "BackendGoneError",
    "Chunk",
    "Clock",
    "Commands",
    "ConfigError",
    "Decision",
    "EngineApi",
    "EngineBusyError",
    "EngineGoneError",
    "EngineTooNewError",
    "Entry",
    "Follower",
    "Gone",
    "Journal",
    "JournalError",
    "JournalFullError",
    "JournalNewerError",
    "LogWindow",
    "Look",
    "Match",
    "NoSuchTaskError",
    "Ref",
    "Report",
    "Results",
    "Scanner",
    "Stored",
    "SupervisorError",
    "Traits",
    "Try",
    "Unknown",
    "Usage",
]
