"""One list of items on its way through the workers of a pool."""

import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from supervisor.kit.errors import LimitWaitError
from supervisor.kit.faults import told
from supervisor.kit.pool_frames import DONE, FAILED, Frame
from supervisor.kit.pool_limits import Classify, Evidence, Explainer, Pause
from supervisor.kit.pool_outcome import PoolOutcome, Status, ended
from supervisor.kit.pool_plan import PoolPlan
from supervisor.kit.pool_slot import Slot
from supervisor.kit.pool_worker import Fault

if TYPE_CHECKING:
    from supervisor.kit.detector import Cause

_STATUS: dict[int, Status] = {DONE: "done", FAILED: "failed"}


def wall_now() -> float:
    """Return Unix seconds."""
    return time.time()  # noqa: TID251 - limits end at times of the clock on the wall


class Settings(NamedTuple):
    """What holds for all rounds of a pool."""

    workers: int
    timeout_s: float | None
    crash_retries: int
    classify: Classify
    evidence: Evidence | None
    max_pauses: int


class Round:
    """The items, what has become of them, and the plan for the rest; no processes, no waiting."""

    def __init__(
        self,
        items: Sequence[Any],
        function: bytes,
        settings: Settings,
        clock: Callable[[], float] = wall_now,
    ) -> None:
        self._items = items
        self._function = function
        self._settings = settings
        self._clock = clock
        self._tries = [0] * len(items)
        self._begun: dict[int, float] = {}
        self._explainer = Explainer(settings.classify)
        self._cause: Cause | None = None
        self.open = len(items)
        """Items without an outcome."""
        self.refused: str | None = None
        """Why nothing more is begun."""
        self.plan = PoolPlan(
            len(items),
            crash_retries=settings.crash_retries,
            workers=settings.workers,
            max_pauses=settings.max_pauses,
        )

    @property
    def pause(self) -> Pause | None:
        """Return why all workers rest, while they do."""
        if not self.plan.is_paused or self._cause is None:
            return None
        return Pause(self._cause, self.plan.pause_count)

    @property
    def has_work(self) -> bool:
        """Tell whether a free worker would be given something now."""
        return self.plan.has_more and self.pause is None and self.refused is None

    def resume(self) -> None:
        """Let all workers go on.

        Raises:
            LimitWaitError: the same limit was met again and again with nothing done between.
        """
        if self.plan.gives_up and self._cause is not None:
            many = self._settings.max_pauses
            raise LimitWaitError(f"waited {many} times, and the limit holds: {_said(self._cause)}")
        self.plan.resume(time.monotonic())

    def feed(self, slot: Slot) -> Iterator[PoolOutcome]:
        """Give a free worker something to do; yields the items that cannot be given to a process."""
        while slot.is_idle and self.has_work:
            packed: list[tuple[int, bytes]] = []
            for index in self.plan.take():
                try:
                    packed.append(
                        (index, pickle.dumps(self._items[index], pickle.HIGHEST_PROTOCOL))
                    )
                except Exception as error:  # noqa: BLE001 - pickling runs whatever the item defines
                    text = f"the item cannot be given to a process: {told(error)[0]}"
                    yield self._ended(index, "unpicklable", error=text, error_class="unknown")
            now = time.monotonic()
            for index, _ in packed:
                self._tries[index] += 1
                self._begun[index] = now
            if packed:
                slot.give(self._function, self.plan.budget_s, packed)

    def take(self, slot: Slot) -> Iterator[PoolOutcome]:
        """Yield the outcomes that a worker has brought."""
        for frame in slot.read():
            yield from self._judged(frame)
        if slot.is_idle and slot.left:
            self._back(list(slot.left))
            slot.left.clear()

    def bury(self, slot: Slot, exit_code: int | None) -> Iterator[PoolOutcome]:
        """Take back what a dead worker had; yields the outcome of the item it died over, if final."""
        yield from self.take(slot)
        left = list(slot.left)
        slot.left.clear()
        if left and slot.is_ready and (slot.ends_at is None or slot.timed_out == left[0]):
            index = left.pop(0)
            if slot.timed_out == index:
                text = f"not done after {self._settings.timeout_s:g} s"
                yield from self._weighed(index, "timed_out", error=text, error_class="timeout")
            else:
                yield from self._lost(index, exit_code)
        self._back(left)

    def _lost(self, index: int, exit_code: int | None) -> Iterator[PoolOutcome]:
        words, code, signal = ended(exit_code)
        cause = self._explainer.cause(self._evidence(index, None))
        if self._met_limit(index, cause) or self.plan.lost(index):
            return
        error = f"{words} at each of {self._tries[index]} tries"
        yield self._ended(
            index, "crashed", error=error, error_class="pool_crash", exit_code=code, signal=signal
        )

    def _judged(self, frame: Frame) -> Iterator[PoolOutcome]:
        status = _STATUS.get(frame.kind, "unpicklable")
        value: Any = None
        try:
            loaded: Any = pickle.loads(frame.payload)
        except Exception as error:  # noqa: BLE001 - unpickling runs whatever the value defines
            status, loaded = "unpicklable", Fault(f"the value cannot be read: {told(error)[0]}")
        if status == "done":
            value, fault = loaded, Fault("")
            self.plan.done(frame.seconds)
        else:
            fault = Fault(*loaded)
        yield from self._weighed(
            frame.item,
            status,
            value=value,
            error=fault.text,
            trace=fault.trace,
            exit_code=fault.exit_code,
            seconds=frame.seconds,
        )

    def _weighed(
        self, index: int, status: Status, *, error: str, value: Any = None, **facts: Any
    ) -> Iterator[PoolOutcome]:
        """Yield the outcome, unless it tells of a limit: then the item is done again after it."""
        cause = self._explainer.cause(self._evidence(index, value), error, facts.get("trace"))
        if self._met_limit(index, cause):
            return
        if status != "done":
            known = "unknown" if cause is None else cause.error_class
            facts["error_class"] = facts.get("error_class") or known
        yield self._ended(index, status, value=value, error=error, **facts)

    def _evidence(self, index: int, value: Any) -> str | None:
        look = self._settings.evidence
        return None if look is None else look(self._items[index], value)

    def _met_limit(self, index: int, cause: "Cause | None") -> bool:
        """Tell whether an item is to be done again because of a limit."""
        if cause is None or not (cause.is_limit or cause.needs_you):
            return False
        if cause.needs_you:
            self.refused = f"{cause.error_class}: {_said(cause)}"
            self.plan.give_back([index])
            return True
        is_new = cause.retry_at is not None and cause.retry_at > self._clock()
        known = self._cause if self.plan.is_paused else None
        self._cause = cause if known is None else max(known, cause, key=_stated)
        self.plan.limited(index, began_at=self._begun[index], is_new=is_new)
        return True

    def _back(self, indices: list[int]) -> None:
        for index in indices:
            self._tries[index] -= 1
        self.plan.give_back(indices)

    def _ended(self, index: int, status: Status, **facts: Any) -> PoolOutcome:
        self.open -= 1
        return PoolOutcome(
            index=index, item=self._items[index], status=status, tries=self._tries[index], **facts
        )


def _stated(cause: "Cause") -> float:
    return cause.retry_at or 0.0


def _said(cause: "Cause") -> str:
    return cause.line or cause.error_class
