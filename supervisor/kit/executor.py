"""An executor that a failing batch cannot stop: fewer at once, one by one, marked, and on.

``ResilientExecutor(predict, batch_size=32).run(questions)`` returns a report and raises for no error
of ``predict``; only an interrupt or an exit passes through.
"""

import gc
import sys
from collections.abc import Awaitable, Callable, Generator, Iterable
from functools import partial
from typing import Any, cast

from supervisor.kit.executor_plan import Policy, Verdict
from supervisor.kit.executor_report import Report
from supervisor.kit.executor_session import Recorder, Session, Told
from supervisor.kit.faults import told

_Step = Callable[[], Any]
_Wait = Callable[[BaseException], object]


def free_gpu_memory() -> None:
    """Give back the GPU memory of what is no longer referred to, where torch is in use."""
    torch = sys.modules.get("torch")
    # Not imported means that none is held; importing it here would take seconds and memory.
    if torch is not None and torch.cuda.is_initialized():
        gc.collect()
        torch.cuda.empty_cache()
        torch.cuda.ipc_collect()


def usual_wait(error: BaseException) -> None:
    """Wait until the limit that ``error`` tells of is over, once for all runners under a supervisor.

    Raises:
        LimitWaitError: it lasts too long.
    """
    from supervisor.kit.detector import Cause
    from supervisor.kit.limits import wait_for_limit

    # A judge of the caller's own may know limits that no rule does.
    if not wait_for_limit(error):
        wait_for_limit(Cause(error_class="rate_limit", line=told(error)[0]))


async def _usual_wait_aside(error: BaseException) -> None:
    from asyncio import to_thread

    await to_thread(usual_wait, error)


class ResilientExecutor:
    """Runs ``batch`` over items; see ``executor_plan`` for what follows an error.

    ``batch`` gets a list of items and returns as many results; ``one`` gets a single item (default:
    a batch of one). Both may be coroutine functions, for ``run_async``. ``judge`` tells what an error
    means (default: ``executor_verdict.judge``). ``wait`` is called with an error that says a limit is
    reached and returns when it is over, or raises (default: ``kit.wait_for_limit``); None: such an
    error stops the run. ``on_cleanup`` runs after each failure
    and at the end, whatever happened.
    """

    def __init__(
        self,
        batch: Callable[[list[Any]], Any],
        *,
        one: Callable[[Any], Any] | None = None,
        batch_size: int = 32,
        min_batch_size: int = 1,
        max_consecutive_failures: int | None = 5,
        climb_after: int | None = 2,
        judge: Callable[[BaseException], Verdict | str] | None = None,
        wait: _Wait | None = usual_wait,
        on_cleanup: Callable[[], object] = free_gpu_memory,
    ) -> None:
        self._batch = batch
        self._one = one
        self._policy = Policy(
            largest=batch_size,
            smallest=min_batch_size,
            give_up=max_consecutive_failures,
            climb_after=climb_after,
            asks_apart=one is not None,
        )
        self._judge = judge
        self._wait = wait
        self._on_cleanup = on_cleanup
        self.report = Report(total=0)
        """Of the present or last run; what an interrupt leaves behind."""

    def run(
        self, items: Iterable[Any], *, run: Recorder | None = None, on_outcome: Told | None = None
    ) -> Report:
        """Try all items and return what became of each; ``run`` and ``on_outcome`` hear it at once.

        Raises:
            KeyboardInterrupt: as any other that is no ``Exception``; ``report`` has the rest.
        """
        steps = self._steps(self._session(items, run, on_outcome), self._wait)
        step = next(steps, None)
        while step is not None:
            try:
                values = step()
            except Exception as error:  # noqa: BLE001 - whatever a model raises is an outcome
                step = _told(steps, error)
            except BaseException:
                steps.close()
                raise
            else:
                step = _given(steps, values)
        return self.report

    async def run_async(
        self, items: Iterable[Any], *, run: Recorder | None = None, on_outcome: Told | None = None
    ) -> Report:
        """As ``run``, for a ``batch``, ``one`` or ``wait`` that is to be awaited."""
        wait = _usual_wait_aside if self._wait is usual_wait else self._wait
        steps = self._steps(self._session(items, run, on_outcome), wait)
        step = next(steps, None)
        while step is not None:
            try:
                values = await _settled(step())
            except Exception as error:  # noqa: BLE001 - whatever a model raises is an outcome
                step = _told(steps, error)
            except BaseException:
                steps.close()
                raise
            else:
                step = _given(steps, values)
        return self.report

    def _session(self, items: Iterable[Any], run: Recorder | None, told: Told | None) -> Session:
        session = Session(
            list(items), self._policy, self._judge, run, told, may_wait=self._wait is not None
        )
        self.report = session.report
        return session

    def _steps(self, session: Session, wait: _Wait | None) -> Generator[_Step, Any, None]:
        """Yield what to call next; whoever calls it sends back the result, or throws the error."""
        try:
            while (call := session.next_call()) is not None:
                some = session.items[call.start : call.stop]
                try:
                    if call.alone and self._one is not None:
                        values = [(yield partial(self._one, some[0]))]
                    else:
                        values = session.checked(call, (yield partial(self._batch, some)))
                except Exception as error:  # noqa: BLE001 - whatever a model raises is an outcome
                    waits = session.failed(call, error)
                else:
                    session.worked(call, values)
                    continue
                self._clean_up()
                if waits is not None and wait is not None:
                    yield partial(wait, waits)
        finally:
            self._clean_up()

    def _clean_up(self) -> None:
        try:
            self._on_cleanup()
        except Exception as error:  # noqa: BLE001 - a GPU that is lost refuses this too; reported
            self.report.cleanup_error = told(error)[0]


async def _settled(values: object) -> object:
    return await cast("Awaitable[object]", values) if isinstance(values, Awaitable) else values


def _given(steps: Generator[_Step, Any, None], values: object) -> _Step | None:
    try:
        return steps.send(values)
    except StopIteration:
        return None


def _told(steps: Generator[_Step, Any, None], error: Exception) -> _Step | None:
    try:
        return steps.throw(error)
    except StopIteration:
        return None
