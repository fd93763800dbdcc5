"""Which shims are on their way: started, or just being started, and not yet known to the loop."""

from collections.abc import Generator
from contextlib import contextmanager


class Launching:
    """Written by the threads that start shims, read by the event loop."""

    def __init__(self) -> None:
        self._pids: set[int] = set()
        self._nameless: set[object] = set()

    @property
    def nameless(self) -> bool:
        """Whether we may have a child whose pid nobody knows yet: its start has not returned.

        Ask after looking at our children and before ``in``: then each of them that is not in here
        is no shim.
        """
        return bool(self._nameless)

    def __contains__(self, pid: int) -> bool:
        return pid in self._pids

    @contextmanager
    def one(self) -> Generator[None]:
        """A shim is started inside the block, and named there if that worked."""
        token = object()
        self._nameless.add(token)
        try:
            yield
        finally:
            self._nameless.discard(token)

    def name(self, pid: int) -> None:
        """A shim has this pid."""
        self._pids.add(pid)

    def known(self, pid: int) -> None:
        """The event loop knows of this shim now."""
        self._pids.discard(pid)
