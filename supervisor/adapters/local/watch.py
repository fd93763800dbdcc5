"""Says when a shim has ended: at once by its pidfd, within a second on kernels without."""

import asyncio
import os
import select
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from supervisor.adapters.local.procfs import Ident, process
from supervisor.adapters.local.signals import open_pidfd

_POLL_S = 1.0


@dataclass(frozen=True, slots=True)
class Status:
    """What the kernel said about the end of our child."""

    code: int
    """As a shell shows it: 128 + n for a signal n."""
    killed: bool
    """By a signal: the shim cannot have recorded anything."""


Ended = Callable[[Status | None], None]
"""Called once; None: the process was not our child, so the kernel does not tell."""


@dataclass(slots=True)
class Watch:
    """Watches processes until they end or ``close``."""

    _loop: asyncio.AbstractEventLoop
    _ended: dict[int, Ended] = field(default_factory=dict[int, Ended])
    """What to call, by pidfd."""
    _epoll: "select.epoll | None" = None
    """Of our own, for all pidfds: telling the loop of each comes to twice the cost of its end."""
    _polled: dict[Hashable, tuple[Ident, Ended]] = field(
        default_factory=dict[Hashable, tuple[Ident, Ended]]
    )
    _timer: asyncio.TimerHandle | None = None

    def child(self, key: Hashable, shim: Ident, pidfd: int | None, ended: Ended) -> None:
        """Call ``ended`` once our child is over. Takes ``pidfd`` over; None where there are none."""
        if pidfd is None:
            self._polled[key] = (shim, ended)
            self._timer = self._timer or self._loop.call_later(_POLL_S, self._poll)
        else:
            self._ended[pidfd] = ended
            if self._epoll is None:
                self._epoll = select.epoll()
                self._loop.add_reader(self._epoll.fileno(), self._readable)
            self._epoll.register(pidfd, select.EPOLLIN)

    def stranger(self, key: Hashable, shim: Ident, ended: Ended) -> None:
        """Call ``ended`` once a process that another engine started is over."""
        try:
            pidfd = open_pidfd(shim.pid)
        except ProcessLookupError:
            self._loop.call_soon(ended, None)
            return
        now = process(shim.pid)
        if now is None or now.ident != shim:  # the pid was given away before it was opened
            if pidfd is not None:
                os.close(pidfd)
            self._loop.call_soon(ended, None)
            return
        self.child(key, shim, pidfd, ended)

    def close(self) -> None:
        """Watch no longer; the processes live on."""
        if self._epoll is not None:
            self._loop.remove_reader(self._epoll.fileno())
            self._epoll.close()
            self._epoll = None
        for pidfd in self._ended:
            os.close(pidfd)
        self._ended.clear()
        self._polled.clear()
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _readable(self) -> None:
        epoll = self._epoll
        if epoll is None:
            return
        for pidfd, _ in epoll.poll(0):
            ended = self._ended.pop(pidfd, None)
            if ended is None:  # closed, by what was called for another
                continue
            status = _reaped(os.P_PIDFD, pidfd)
            # Closing alone is not enough: a child that is just being started holds it too.
            epoll.unregister(pidfd)
            os.close(pidfd)
            ended(status)

    def _poll(self) -> None:
        self._timer = None
        for key, (shim, ended) in list(self._polled.items()):
            now = process(shim.pid)
            if now is None or now.ident != shim or now.dead:
                del self._polled[key]
                ended(_reaped(os.P_PID, shim.pid) if now and now.ident == shim else None)
        if self._polled:
            self._timer = self._loop.call_later(_POLL_S, self._poll)


def _reaped(kind: int, number: int) -> Status | None:
    """Reap an ended child; None if it is not ours."""
    try:
        result = os.waitid(kind, number, os.WEXITED | os.WNOHANG)
    except ChildProcessError:
        return None
    if result is None:
        return None
    if result.si_code == os.CLD_EXITED:
        return Status(result.si_status, killed=False)
    return Status(128 + result.si_status, killed=True)
