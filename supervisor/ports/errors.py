"""Errors that are raised on purpose; each text names the thing and the way out."""

from collections.abc import Sequence


class SupervisorError(Exception):
    """Anything we raise on purpose; its text names the thing and the way out."""


class ConfigError(SupervisorError):
    """The operator's file or words are wrong; ``problems`` has one line for each fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class BackendGoneError(SupervisorError):
    """The backend as a whole does not answer. No attempt has failed because of it."""


class DaemonUnreachableError(BackendGoneError):
    """The container engine gave no answer, or not in time. Nothing is known about any container."""


class DaemonRefusedError(SupervisorError):
    """The container engine answered, and said no: ``status`` as in HTTP, ``words`` its own."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"the container engine refused: {words} (status {status})")
        self.status = status
        self.words = words


class NoSuchContainerError(DaemonRefusedError):
    """The container engine answered, and knows no such thing."""


class EngineGoneError(SupervisorError):
    """The engine closed the line or cannot be reached.

    ``cure`` is the command that begins another one, where it is known to live no more.
    """

    def __init__(self, words: str, cure: str = "") -> None:
        super().__init__(words)
        self.cure = cure


class EngineTooNewError(EngineGoneError):
    """The engine speaks another version of the protocol."""


class EngineBusyError(SupervisorError):
    """Another engine owns the batch; ``pid`` where it runs on this machine."""

    def __init__(self, words: str, pid: int | None = None) -> None:
        super().__init__(words)
        self.pid = pid


class NoSuchTaskError(SupervisorError):
    """The engine knows no such task or attempt, or the name fits several."""


class ArtifactError(SupervisorError):
    """A derived file could not be written, for want of space or rights; try again later."""


class GpusUnseenError(SupervisorError):
    """No GPU of this machine can be seen; the text tells why."""


class JournalError(SupervisorError):
    """The journal cannot be read or written."""


class JournalFullError(JournalError):
    """No space for a commit; the same commit may be tried again."""


class JournalNewerError(JournalError):
    """The journal was written by a newer version, which the text names."""
