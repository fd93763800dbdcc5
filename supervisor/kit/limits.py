"""Waits for limits: once for all runners under a supervisor, with a plain back-off without one."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from supervisor.core.backoff import fraction, grown, slack_s
from supervisor.kit.detector import Cause, classify
from supervisor.kit.errors import KitError, LimitWaitError
from supervisor.kit.marks import TASK, Marks
from supervisor.kit.standing import Engine, Standing

MAX_WAIT_S = 48 * 3600.0
_BASE_S = {"rate_limit": 30.0, "usage_window": 300.0}
_CAP_S = 3600.0
_QUIET_S = 600.0
"""After so long without a limit the back-off begins anew."""
_ASK_S = 5.0
_SPREAD_S = 5.0
"""Those who waited together do not come back in the same second."""
_COMMAND_S = 120.0


@dataclass(slots=True)
class Waiter:
    """How this process waits. ``now``, ``sleep`` and ``ask`` are the world; tests bring their own."""

    now: Callable[[], float] = time.time  # noqa: TID251 - runners have no clock port
    sleep: Callable[[float], None] = time.sleep
    ask: Callable[[], Standing | None] | None = None
    marks: Marks | None = None
    tries: int = 0
    ended_at: float = 0.0

    def wait(self, verdict: Cause, max_wait_s: float) -> None:
        """Wait until the limit that ``verdict`` tells of is over.

        Raises:
            LimitWaitError: it lasts longer than ``max_wait_s``.
        """
        began_at = self.now()
        if began_at - self.ended_at > _QUIET_S:
            self.tries = 0
        until = self._until(verdict, began_at)
        marks = self._marks()
        marks.waiting(_told(verdict, until), verdict.line or verdict.error_class, _stated(verdict))
        try:
            self._wait(until + self._spread_s(), began_at + max_wait_s, verdict.line)
        finally:
            marks.going_on()
            marks.close()
            self.tries += 1
            self.ended_at = self.now()

    def wait_for_engine(self, max_wait_s: float) -> None:
        """Wait as long as the engine says that a limit of this task holds; return at once without one."""
        standing = self._ask()
        if standing is None or not standing.holds:
            return
        marks, now = self._marks(), self.now()
        marks.waiting(standing.until or now + _BASE_S["usage_window"], standing.reason, "")
        try:
            self._wait(now, now + max_wait_s, standing.reason)
        finally:
            marks.going_on()
            marks.close()

    def _wait(self, until: float, give_up_at: float, why: str) -> None:
        """Wait until then, longer while the engine says so, shorter once it has released its hold."""
        held, began_at = False, self.now()
        while True:
            standing = self._ask()
            if standing is not None and standing.holds:
                held, why = True, standing.reason or why
                until = max(until, standing.until or self.now() + 2 * _ASK_S)
            elif standing is not None and (held or standing.released_at > began_at):
                return
            left_s = until - self.now()
            if left_s <= 0:
                return
            if self.now() + min(left_s, _ASK_S) > give_up_at or until > give_up_at:
                raise LimitWaitError(f"gave up waiting for a limit: {why}")
            self.sleep(min(left_s, _ASK_S))

    def _until(self, verdict: Cause, now: float) -> float:
        """Return when to try again: as stated, with slack, else later each time."""
        base_s = _BASE_S.get(verdict.error_class, _BASE_S["rate_limit"])
        if verdict.retry_at is None:
            return now + grown(base_s, 2.0, self.tries, _CAP_S)
        stated = max(now, verdict.retry_at)
        return stated + slack_s(stated - now)

    def _spread_s(self) -> float:
        return _SPREAD_S * fraction(os.environ.get(TASK, ""), str(os.getpid()), self.tries)

    def _marks(self) -> Marks:
        return Marks() if self.marks is None else self.marks

    def _ask(self) -> Standing | None:
        return Engine().standing() if self.ask is None else self.ask()


_lock = threading.Lock()
_waiter = Waiter()


def wait_for_limit(error: BaseException | str | Cause, *, max_wait_s: float = MAX_WAIT_S) -> bool:
    """Wait until the limit that ``error`` tells of is over; False at once: it tells of none.

    Waits as long as the error states, else 30 s, a minute, two … (five minutes and more for used-up
    windows). Under the supervisor the limit is held for everybody where a time was stated, and
    whoever waits goes on when it is released. Threads that meet one limit together wait once.
    From async code: ``await asyncio.to_thread(kit.wait_for_limit, error)``.

    Raises:
        LimitWaitError: it lasts longer than ``max_wait_s``.
    """
    verdict = error if isinstance(error, Cause) else classify(error)
    if not verdict.is_limit:
        return False
    came_at = _waiter.now()
    with _lock:
        if _waiter.ended_at <= came_at:
            _waiter.wait(verdict, max_wait_s)
    return True


def preflight(
    check: Callable[[], object] | Sequence[str] | None = None, *, max_wait_s: float = MAX_WAIT_S
) -> None:
    """Return once work may begin: no limit of this task holds, and ``check`` passes.

    ``check`` is a cheap call, or a command such as ``["claude", "--print", "ping"]``. Where it tells
    of a limit, that is waited for and ``check`` is asked again.

    Raises:
        LimitWaitError: a limit lasts longer than ``max_wait_s``.
        KitError: the command failed for another reason; of a call, what it raised.
    """
    with _lock:
        _waiter.wait_for_engine(max_wait_s)
    while check is not None:
        try:
            _checked(check)
        except Exception as error:
            if not wait_for_limit(error, max_wait_s=max_wait_s):
                raise
        else:
            return


def _checked(check: Callable[[], object] | Sequence[str]) -> None:
    if callable(check):
        check()
        return
    words = list(check)
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_COMMAND_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise KitError(f"{words[0]}: {error}") from error
    if done.returncode:
        text = done.stdout.decode("utf-8", "replace").strip()
        raise KitError(f"{words[0]} exited {done.returncode}: {text[-2000:]}")


def _told(verdict: Cause, until: float) -> float:
    """Return the time as it was stated: the supervisor adds its slack itself."""
    return until if verdict.retry_at is None else min(until, verdict.retry_at)


def _stated(verdict: Cause) -> str:
    """Return the class where a time was stated: then the supervisor may hold the limit for all."""
    return verdict.error_class if verdict.retry_at is not None else ""
