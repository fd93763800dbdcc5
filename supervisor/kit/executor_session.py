"""One run of an executor: its plan, its items, and who hears what became of them."""

import traceback
from collections.abc import Callable, Sized
from typing import Any, Protocol

from supervisor.kit.executor_plan import Call, Plan, Policy, Verdict, begin, next_call
from supervisor.kit.executor_plan import failed as after_failure
from supervisor.kit.executor_plan import worked as after_success
from supervisor.kit.executor_report import ItemOutcome, Report, Status
from supervisor.kit.executor_verdict import weigh
from supervisor.kit.faults import class_of, told


class Recorder(Protocol):
    """Whoever records outcomes as they come; ``kit.run`` gives one."""

    def done(self, item: object, result: object = None) -> None:
        """Record a result."""

    def failed(
        self, item: object, error: BaseException | str, *, error_class: str | None = None
    ) -> None:
        """Record a failure."""


Told = Callable[[ItemOutcome], object]


class Session:
    """One run: the plan, the items, and who hears of outcomes."""

    def __init__(
        self,
        items: list[Any],
        policy: Policy,
        judge: Callable[[BaseException], Verdict | str] | None,
        run: Recorder | None,
        on_outcome: Told | None,
        *,
        may_wait: bool,
    ) -> None:
        self.items = items
        self.report = Report(total=len(items), batch_size=policy.largest)
        self._plan: Plan = begin(len(items), policy)
        self._judge = judge
        self._run = run
        self._on_outcome = on_outcome
        self._may_wait = may_wait

    def next_call(self) -> Call | None:
        """Return what is to be tried now; None when all is decided."""
        self.report.batch_size = self._plan.size
        call = next_call(self._plan)
        self.report.calls += call is not None
        return call

    def checked(self, call: Call, values: Any) -> list[Any]:
        """Return one result for each item: a list too short would shift all that follow.

        Raises:
            ValueError: it is no list of so many results.
        """
        many = call.stop - call.start
        sized: Any = values
        got = len(sized) if isinstance(values, Sized) else type(sized).__name__
        if got != many or isinstance(values, str | bytes | dict):
            raise ValueError(f"the batch function returned {got} for {many} items")
        return list(sized)

    def worked(self, call: Call, values: list[Any]) -> None:
        """Take in the results of a call."""
        self._plan = after_success(self._plan, call)
        for offset, value in enumerate(values):
            self._tell(call.start + offset, "done", value=value)

    def failed(self, call: Call, error: Exception) -> Exception | None:
        """Decide what follows; return the error if it is to be waited for."""
        verdict, error_class = self._weighed(error)
        if verdict is Verdict.WAIT and not self._may_wait:
            verdict = Verdict.STOP
        text, trace = told(error)
        _forget_frames(error)
        self.report.last_error, self.report.last_trace = text, trace
        self._plan, marks = after_failure(self._plan, call, verdict)
        if marks.failed is not None:
            self._tell(marks.failed, "failed", error=text, error_class=error_class, trace=trace)
        if marks.aborted_from is not None:
            give_up = f"{self._plan.streak} consecutive failures"
            because = error_class if verdict is Verdict.STOP else give_up
            self._abort(marks.aborted_from, because, text, error_class)
        return error if verdict is Verdict.WAIT else None

    def _weighed(self, error: Exception) -> tuple[Verdict, str]:
        # The usual judge goes by the class, which takes a while to find: once is enough.
        if self._judge is None:
            return weigh(error)
        return Verdict(self._judge(error)), class_of(error)

    def _abort(self, start: int, because: str, text: str, error_class: str) -> None:
        self.report.aborted_because = because
        for index in range(start, len(self.items)):
            own = self.report.found.get(index)
            self._tell(
                index,
                "aborted",
                because=because,
                error=text if own is None else own.error,
                error_class=error_class if own is None else own.error_class,
                trace="" if own is None else own.trace,
            )

    def _tell(self, index: int, status: Status, **facts: Any) -> None:
        outcome = ItemOutcome(index=index, item=self.items[index], status=status, **facts)
        self.report.found[index] = outcome
        if self._run is not None and status == "done":
            self._run.done(outcome.item, outcome.value)
        elif self._run is not None:
            self._run.failed(outcome.item, outcome.recorded_error, error_class=outcome.error_class)
        if self._on_outcome is not None:
            self._on_outcome(outcome)


def _forget_frames(error: BaseException | None) -> None:
    """Let go of what the failed calls held: as long as they hold tensors, clean-up frees nothing."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
