"""One run of an executor, step by step."""

from supervisor.kit.executor_plan import Policy, Verdict
from supervisor.kit.executor_session import Session


def test_items_of_a_streak_keep_their_own_errors() -> None:
    session = Session(
        ["a", "b", "c"],
        Policy(largest=1, give_up=2),
        lambda error: Verdict.SHRINK,
        None,
        None,
        may_wait=False,
    )
    for text in ("first", "second"):
        call = session.next_call()
        assert call is not None
        assert session.failed(call, ValueError(text)) is None
    assert session.next_call() is None
    assert [one.error for one in session.report.outcomes] == [
        "ValueError: first",
        "ValueError: second",
        "ValueError: second",
    ]
    assert session.report.calls == 2
