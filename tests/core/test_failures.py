from supervisor.core.failures import kinds
from tests.fakes.engine import row


def test_failures_come_by_class_and_similar_cause_the_most_frequent_first() -> None:
    found = kinds(
        [
            row("g/a", "failed", error_class="auth", cause="401 token expired", attempt=1),
            row("g/b", "failed", error_class="server_error", cause="Error code: 503 - req_1a2b3c"),
            row("g/c", "failed", error_class="server_error", cause="connection dropped"),
            row("g/d", "failed", error_class="server_error", cause="Error code: 503 - req_9f8e7d"),
            row("g/e", "succeeded"),
            row("g/f", "running", error_class="auth", cause="401 token expired"),
        ]
    )
    assert [(kind.name, len(kind.rows)) for kind in found] == [("server_error", 3), ("auth", 1)]
    first, second = found[0].causes
    assert [one.task for one in first.rows] == ["g/b", "g/d"]
    assert first.text == "Error code: 503 - req_1a2b3c"
    assert [one.task for one in second.rows] == ["g/c"]
    assert first.key != second.key


def test_aborted_ones_stand_last_though_they_are_many() -> None:
    rows = [row(f"g/{number}", "aborted", cause="aborted: 5 in a row") for number in range(9)]
    found = kinds([*rows, row("g/x", "failed", cause=None)])
    assert [kind.name for kind in found] == ["unknown", "aborted"]
    assert found[0].causes[0].text == ""


def test_a_cause_tells_when_it_began_and_how_much_it_took() -> None:
    facts = {"error_class": "network", "cause": "reset"}
    (kind,) = kinds(
        [
            row("g/a", "failed", since=30.0, attempt=4, **facts),
            row("g/b", "failed", since=10.0, attempt=2, **facts),
            row("g/c", "failed", since=None, attempt=1, **facts),
        ]
    )
    (cause,) = kind.causes
    assert (cause.first_at, cause.last_at, cause.attempts) == (10.0, 30.0, 7)


def test_without_a_time_none_is_told() -> None:
    (kind,) = kinds([row("g/a", "failed")])
    assert kind.causes[0].first_at is None
    assert kind.causes[0].last_at is None
    assert kinds([]) == ()
