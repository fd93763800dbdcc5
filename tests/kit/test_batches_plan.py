"""Rounds of retries: what a journal of facts says."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.kit.batches_plan import Retries, poll_delay_s, strangers, told
from supervisor.kit.batches_types import BatchResult


def row(name: str, error: str | None = None) -> dict[str, Any]:
    return {"custom_id": name, "success": error is None, "response": None, "error": error}


def fresh(*names: str) -> Retries:
    failures = {name: BatchResult(custom_id=name, success=False, error="first") for name in names}
    return Retries(failures=failures, is_permanent=lambda one: one.error == "never")


def submitting(*names: str) -> dict[str, Any]:
    return {"fact": "submitting", "key": "k", "ids": list(names), "at": 5.0}


def test_a_round_from_intent_to_results() -> None:
    retries = fresh("a", "b", "c")
    assert retries.status(2) == "in_progress"
    retries = told(retries, [submitting("a", "b", "c")])
    assert retries.under_way is not None
    assert retries.entry(2)["retry_attempts"] == 0
    retries = told(retries, [{"fact": "submitted", "batch_id": "x"}])
    assert retries.entry(2)["retry_batch_ids"] == ["x"]
    rows = [row("b"), row("a", "never")]
    retries = told(retries, [{"fact": "results", "rows": rows}, {"fact": "of tomorrow"}])
    assert retries.under_way is None
    assert [one.custom_id for one in retries.succeeded] == ["b"]
    assert retries.worth_sending == ["c"]
    assert retries.entry(2)["errors"] == {
        "a": "never",
        "c": "no_result: the batch has none for it",
    }
    assert (retries.status(2), retries.status(1)) == ("in_progress", "exhausted")


def test_what_was_refused_never_was() -> None:
    retries = told(fresh("a"), [submitting("a"), {"fact": "refused"}])
    assert retries.rounds == ()


def test_a_batch_that_failed_whole_says_nothing_of_its_requests() -> None:
    facts = [submitting("a"), {"fact": "submitted", "batch_id": "x"}]
    retries = told(fresh("a"), [*facts, {"fact": "failed", "reason": "queue full"}])
    assert retries.status(2) == "batch_failed"
    assert [one.error for one in retries.still_failed] == ["first"]


def test_results_of_others_are_noticed() -> None:
    one = told(fresh("a"), [submitting("a")]).rounds[0]
    assert strangers(one, [BatchResult(custom_id="z", success=True)]) == ["z"]


@settings(deadline=None)
@given(number=st.integers(1, 500), at=st.floats(0.0, 1.0))
def test_waits_grow_and_stay_below_the_cap(number: int, at: float) -> None:
    def jitter(low: float, high: float) -> float:
        return low + at * (high - low)

    wait_s = poll_delay_s(number, base_s=30, cap_s=300, jitter=jitter)
    assert 24 <= wait_s <= 300
    assert wait_s <= poll_delay_s(number + 1, base_s=30, cap_s=300, jitter=jitter)


@settings(deadline=None)
@given(
    outcomes=st.lists(
        st.dictionaries(st.sampled_from("abcde"), st.sampled_from([None, "again", "never"])),
        max_size=4,
    )
)
def test_nothing_is_lost_between_rounds(outcomes: list[dict[str, str | None]]) -> None:
    retries = fresh(*"abcde")
    for outcome in outcomes:
        ids = retries.worth_sending
        if not ids:
            break
        rows = [row(name, error) for name, error in outcome.items() if name in ids]
        before = {one.custom_id for one in retries.succeeded}
        facts = [submitting(*ids), {"fact": "submitted", "batch_id": "x"}]
        retries = told(retries, [*facts, {"fact": "results", "rows": rows}])
        succeeded = {one.custom_id for one in retries.succeeded}
        failed = {one.custom_id for one in retries.still_failed}
        assert before <= succeeded
        assert succeeded | failed == set("abcde")
        assert not succeeded & failed
