"""Errors of a model cost batches, then items, and never the run."""

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from supervisor.kit import limits
from supervisor.kit.executor import ResilientExecutor, free_gpu_memory
from supervisor.kit.executor_report import ItemOutcome

CUDA = "Error invalid configuration argument at line 380 in file /src/csrc/ops.cu"


class Model:
    """Answers batches; ``broken`` says of a batch and its call whether the GPU fails."""

    def __init__(self, broken: Callable[[list[int], int], BaseException | None]) -> None:
        self._broken = broken
        self.sizes: list[int] = []

    def __call__(self, items: list[int]) -> list[str]:
        self.sizes.append(len(items))
        if (error := self._broken(items, len(self.sizes))) is not None:
            raise error
        return [f"answer {item}" for item in items]


class Kept:
    """Records as ``kit.run`` does."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, Any, Any]] = []

    def done(self, item: object, result: object = None) -> None:
        self.rows.append(("done", item, result))

    def failed(
        self, item: object, error: BaseException | str, *, error_class: str | None = None
    ) -> None:
        self.rows.append(("failed", item, error))


def cuda(fails: Callable[[list[int], int], bool]) -> Model:
    return Model(lambda items, call: RuntimeError(CUDA) if fails(items, call) else None)


def test_an_occasional_error_costs_no_item() -> None:
    model = cuda(lambda items, call: call == 2)
    report = ResilientExecutor(model).run(range(100))
    assert model.sizes == [32, 32, 16, 16, 32, 4]
    assert len(report.of("done")) == 100
    assert report.aborted_because is None
    assert report.predictions()[64] == {"idx": 64, "prediction": "answer 64", "error": None}


def test_a_broken_model_keeps_32_of_100_and_marks_68() -> None:
    model, heard = cuda(lambda items, call: items[0] >= 32), list[ItemOutcome]()
    report = ResilientExecutor(model).run(range(100), on_outcome=heard.append)
    assert len(report.of("done")) == 32
    assert len(report.of("aborted")) == 68
    assert report.aborted_because == "5 consecutive failures"
    assert report.predictions()[32] == {
        "idx": 32,
        "prediction": "[ABORTED: 5 consecutive failures]",
        "error": f"RuntimeError: {CUDA}",
    }
    assert [one.status for one in heard] == ["done"] * 32 + ["failed"] * 5 + ["aborted"] * 68
    assert heard[32].prediction == f"[ERROR: RuntimeError: {CUDA}]"
    assert report.last_error == f"RuntimeError: {CUDA}"
    assert "in __call__" in report.last_trace
    assert report.batch_size == 1


def test_never_giving_up_marks_each_by_itself() -> None:
    model = cuda(lambda items, call: True)
    report = ResilientExecutor(model, max_consecutive_failures=None).run(range(40))
    assert len(report.of("failed")) == 40
    assert report.aborted_because is None


def test_what_poisons_the_process_stops_at_once() -> None:
    model = Model(lambda items, call: RuntimeError("CUDA error: device-side assert triggered"))
    report = ResilientExecutor(model).run(range(10))
    assert model.sizes == [10]
    assert report.aborted_because == "cuda_error"
    assert {(one.prediction, one.error) for one in report.outcomes} == {
        ("[ABORTED: cuda_error]", "RuntimeError: CUDA error: device-side assert triggered")
    }


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_is_no_failure(interrupt: type[BaseException]) -> None:
    cleaned: list[int] = []
    model = Model(lambda items, call: interrupt() if call == 2 else None)
    executor = ResilientExecutor(model, batch_size=4, on_cleanup=lambda: cleaned.append(1))
    with pytest.raises(interrupt):
        executor.run(range(10))
    assert [one.status for one in executor.report.outcomes] == ["done"] * 4
    assert cleaned == [1]


def test_a_limit_is_waited_for_and_costs_nothing() -> None:
    waits: list[str] = []

    def refuse(items: list[int], call: int) -> BaseException | None:
        return RuntimeError("Error code: 429 - rate limit") if call in {2, 3} else None

    def judge(error: BaseException) -> Any:
        return "wait"

    model = Model(refuse)
    executor = ResilientExecutor(
        model, batch_size=2, judge=judge, wait=lambda error: waits.append(str(error))
    )
    assert len(executor.run(range(4)).of("done")) == 4
    assert waits == ["Error code: 429 - rate limit"] * 2
    assert model.sizes == [2, 2, 2, 2]


def test_a_limit_that_nobody_waits_for_stops_it() -> None:
    model = Model(lambda items, call: RuntimeError("Error code: 429 - rate limit reached"))
    report = ResilientExecutor(model, wait=None).run(range(4))
    assert report.aborted_because == "rate_limit"


def test_waiting_that_fails_is_told_to_the_caller() -> None:
    from supervisor.kit.executor_plan import Verdict

    def give_up(error: BaseException) -> None:
        raise TimeoutError("48 h")

    model = Model(lambda items, call: RuntimeError("429"))
    executor = ResilientExecutor(model, judge=lambda error: Verdict.WAIT, wait=give_up)
    with pytest.raises(TimeoutError, match="48 h"):
        executor.run(range(4))


def test_single_items_go_to_their_own_function() -> None:
    model = cuda(lambda items, call: True)
    report = ResilientExecutor(
        model, one=lambda item: f"slow {item}", batch_size=4, min_batch_size=2
    ).run(range(4))
    assert model.sizes == [4, 2, 2]
    assert [one.value for one in report.outcomes] == ["slow 0", "slow 1", "slow 2", "slow 3"]


@pytest.mark.parametrize("wrong", ["ab", None, ["a", "b", "c"], {"a": 1, "b": 2}, 7])
def test_a_result_for_each_item_is_insisted_on(wrong: Any) -> None:
    report = ResilientExecutor(lambda items: wrong, one=lambda item: item).run([1, 2])
    assert [one.value for one in report.outcomes] == [1, 2]
    assert "items" in str(report.last_error)


def test_outcomes_are_recorded_as_they_come() -> None:
    kept = Kept()
    model = cuda(lambda items, call: items[0] >= 1)
    ResilientExecutor(model, batch_size=1, max_consecutive_failures=2).run(range(4), run=kept)
    assert kept.rows == [
        ("done", 0, "answer 0"),
        ("failed", 1, f"RuntimeError: {CUDA}"),
        ("failed", 2, f"RuntimeError: {CUDA}"),
        *[
            ("failed", index, f"[ABORTED: 2 consecutive failures] RuntimeError: {CUDA}")
            for index in (1, 2, 3)
        ],
    ]


def test_a_record_that_cannot_be_written_ends_the_run() -> None:
    def full(outcome: ItemOutcome) -> None:
        raise OSError("No space left on device")

    model = cuda(lambda items, call: False)
    with pytest.raises(OSError, match="No space"):
        ResilientExecutor(model, batch_size=2).run(range(10), on_outcome=full)
    assert model.sizes == [2]


def test_the_frames_of_a_failure_are_gone_when_memory_is_freed() -> None:
    alive: list[int] = []
    held: list[int] = []

    class Tensor:
        def __init__(self) -> None:
            alive.append(1)

        def __del__(self) -> None:
            alive.pop()

    def batch(items: list[int]) -> list[int]:
        tensor = Tensor()
        try:
            raise ValueError("inner")
        except ValueError as error:
            raise RuntimeError(CUDA, len(items)) from error
        finally:
            del items
            assert tensor

    executor = ResilientExecutor(batch, batch_size=1, on_cleanup=lambda: held.append(len(alive)))
    executor.run([1])
    assert held[0] == 0


def test_a_clean_up_that_fails_is_told_and_nothing_else() -> None:
    def lost() -> None:
        raise RuntimeError("CUDA error: unknown")

    report = ResilientExecutor(cuda(lambda items, call: False), on_cleanup=lost).run([1])
    assert len(report.of("done")) == 1
    assert report.cleanup_error == "RuntimeError: CUDA error: unknown"


def test_memory_is_freed_only_where_torch_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    cuda = SimpleNamespace(
        is_initialized=lambda: True,
        empty_cache=lambda: calls.append("empty"),
        ipc_collect=lambda: calls.append("ipc"),
    )
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    free_gpu_memory()
    assert calls == []
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))  # type: ignore[misc]
    free_gpu_memory()
    assert calls == ["empty", "ipc"]


async def test_coroutines_are_awaited_alike() -> None:
    model, waited = cuda(lambda items, call: len(items) > 2), list[str]()

    async def batch(items: list[int]) -> list[str]:
        return model(items)

    async def one(item: int) -> str:
        return f"slow {item}"

    executor = ResilientExecutor(batch, one=one, batch_size=4, min_batch_size=4)
    report = await executor.run_async(range(6))
    assert [one.value for one in report.outcomes] == [
        *[f"slow {index}" for index in range(4)],
        "answer 4",
        "answer 5",
    ]

    async def wait(error: BaseException) -> None:
        waited.append(str(error))

    limited = Model(lambda items, call: RuntimeError("429") if call == 1 else None)
    executor = ResilientExecutor(limited, judge=lambda error: "wait", wait=wait)
    assert len((await executor.run_async([1])).of("done")) == 1
    assert waited == ["429"]


async def test_a_cancelled_run_is_no_failure() -> None:
    import asyncio

    async def batch(items: list[int]) -> list[int]:
        raise asyncio.CancelledError

    executor = ResilientExecutor(batch)
    with pytest.raises(asyncio.CancelledError):
        await executor.run_async([1])
    assert executor.report.outcomes == []


def limits_of(slept: list[float]) -> limits.Waiter:
    """Let time pass only in sleeps, without a supervisor."""
    return limits.Waiter(now=lambda: 1_000_000.0 + sum(slept), sleep=slept.append, ask=lambda: None)


@pytest.mark.parametrize("text", ["Error code: 429 - rate limit reached", "odd"])
async def test_unless_told_otherwise_limits_are_waited_for(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(limits, "_waiter", limits_of(slept))
    model = Model(lambda items, call: RuntimeError(text) if call % 2 else None)
    executor = ResilientExecutor(model, judge=lambda error: "wait")
    assert len(executor.run(range(4)).of("done")) == 4
    assert len((await executor.run_async(range(4))).of("done")) == 4
    assert sum(slept) >= 30 + 60
