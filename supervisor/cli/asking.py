"""Answers about a batch: from its engine, or from its files when no engine runs."""

from supervisor.cli import fast
from supervisor.cli.batches import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def live(
    entry: Entry, where: str, timeout_s: float | None = fast.ANSWER_S, **query: str
) -> bytes | None:
    """Return the engine's answer; None: no engine runs, or it went while we asked.

    Raises:
        CommandError: the engine refused, speaks another version, or is stuck.
    """
    if not entry.running:
        return None
    try:
        return fast.get(entry.socket, where, timeout_s, **query)
    except fast.EngineGoneError:
        return None


def offline() -> "ModuleType":
    """Return the module that reads a batch's files; it takes a while to import."""
    module: ModuleType = __import__("supervisor.cli.offline", fromlist=("status",))
    return module
