"""The words that stand for a prediction that is missing."""

from supervisor.kit.executor_report import ItemOutcome, prediction_of


def test_what_is_recorded_of_a_failure_can_be_taken_apart() -> None:
    given_up = ItemOutcome(
        index=0, item="q", status="aborted", error="boom [x] y", because="5 consecutive failures"
    )
    assert given_up.recorded_error == "[ABORTED: 5 consecutive failures] boom [x] y"
    assert prediction_of(given_up.recorded_error) == (
        "[ABORTED: 5 consecutive failures]",
        "boom [x] y",
    )
    assert prediction_of("[x] y") == ("[ERROR: [x] y]", "[x] y")
