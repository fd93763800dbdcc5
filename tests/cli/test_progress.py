"""News of a batch as plain lines."""

from dataclasses import replace

from supervisor.cli import progress
from supervisor.core.board import Board, GroupRow, LimitRow, NeedsYou, TaskRow, UnderWay
from tests.fakes.engine import board_of, row

NOW = 1060.0


def told(before: Board, after: Board, *rows: TaskRow) -> list[str]:
    """Return the lines without their times."""
    return [line.partition("  ")[2] for line in progress.news(before, after, rows, NOW)]


def test_ends_and_retries_are_told_once() -> None:
    before = board_of(row("g/a", "running", attempt=1), row("g/b", "running", attempt=1))
    done = row("g/a", "succeeded", attempt=1)
    again = row(
        "g/b", "backing_off", attempt=1, error_class="network", cause="reset", next_at=NOW + 30
    )
    after = board_of(done, again)
    assert told(before, after, done, again) == [
        "succeeded  g/a  (1/2)",
        "backing off  g/b  network  reset  attempt 2 in 30s",
    ]
    assert told(after, after, done, again) == []


def test_failures_are_counted() -> None:
    before = board_of(row("g/a", "running", attempt=4), row("g/b"))
    failed = row("g/a", "failed", attempt=4, error_class="auth", cause="\x1b[31m401")
    aborted = row("g/b", "aborted", cause="aborted: 5 consecutive failures")
    assert told(before, board_of(failed, aborted), failed, aborted) == [
        "failed  g/a  auth  ?[31m401  (0/2, 2 failed)",
        "aborted  g/b  aborted: 5 consecutive failures  (0/2, 2 failed)",
    ]


def test_launches_are_no_news() -> None:
    before = board_of(row("g/a"))
    running = row("g/a", "running", attempt=1)
    assert told(before, board_of(running), running) == []


def test_limits_hold_probe_and_go() -> None:
    free = board_of(row("g/a"))
    held = board_of(row("g/a"), limits=(_limit("held", NOW + 6900),))
    stuck = board_of(row("g/a"), limits=(_limit("held", None),))
    probing = board_of(row("g/a"), limits=(_limit("probing", None),))
    (line,) = told(free, held)
    assert line.startswith("limit trapi held until ")
    assert line.endswith(", in 1h55m: resets 4am")
    assert told(held, held) == []
    assert told(held, stuck) == ["limit trapi held until released: resets 4am"]
    assert told(stuck, probing) == ["limit trapi probing: resets 4am"]
    later = board_of(row("g/a"), limits=(_limit("probing", NOW + 5),))
    assert told(probing, later) == []
    assert told(probing, free) == ["limit trapi released"]


def test_groups_that_stop() -> None:
    before = board_of(groups=(_group("running", "closed"),))
    after = board_of(groups=(_group("held", "open"),))
    assert told(before, after) == ["group g held, breaker open: 5 in a row"]
    assert told(after, after) == []
    assert told(after, before) == []


def test_calls_for_help_go_first() -> None:
    need = NeedsYou(what="trapi", since=1.0, why="login expired", command="az login")
    failed = row("g/a", "failed", attempt=1, error_class="auth", cause="401")
    lines = told(board_of(row("g/a", "running")), board_of(failed, needs_you=(need,)), failed)
    assert lines[0] == "NEEDS YOU  trapi: login expired → az login"


def test_what_is_under_way_is_told_when_it_begins_and_in_each_heartbeat() -> None:
    pull = UnderWay(what="pull x", since=1.0, text="pulling x: 2 of 4 MB")
    before, after = board_of(row("g/a")), board_of(row("g/a"), under_way=(pull,))
    assert told(before, after) == ["pulling x: 2 of 4 MB"]
    assert told(after, after) == []
    assert progress.heartbeat(after, NOW).endswith("; pulling x: 2 of 4 MB")


def test_the_heartbeat_says_what_is_waited_for() -> None:
    board = board_of(
        row("g/a", "running"), row("g/b", "backing_off", next_at=NOW + 90, error_class="network")
    )
    line = progress.heartbeat(board, NOW).partition("  ")[2]
    assert line.startswith("running 1, backing off 1; next at ")
    assert line.endswith(", in 1m30s")
    held = board_of(row("g/a"), limits=(_limit("held", NOW + 60),), reason="disk is full")
    assert "limit trapi held until" in progress.heartbeat(held, NOW)
    assert "disk is full" in progress.heartbeat(held, NOW)


def test_next_at_is_the_earliest_known() -> None:
    board = board_of(
        row("g/a", "backing_off", next_at=NOW + 90),
        row("g/b", "running", next_at=NOW + 5),
        limits=(_limit("held", NOW + 60), _limit("held", None)),
    )
    assert progress.next_at(board) == NOW + 60
    assert progress.next_at(board_of(row("g/a"))) is None


def test_failures_by_class() -> None:
    rows = (row("g/a", "failed", error_class="auth"), row("g/b", "failed"), row("g/c", "held"))
    assert progress.failures(board_of(*rows)) == {"auth": 1, "unknown": 1}


def _limit(state: str, until: float | None) -> LimitRow:
    return LimitRow(limit="trapi", held_until=until, reason="resets 4am", since=NOW, state=state)


def test_breakers_of_parts_are_told() -> None:
    calm = _group("running", "closed")
    stopped = replace(calm, parts={"model=x": "open"})
    before, after = board_of(groups=(calm,)), board_of(groups=(stopped,))
    assert told(before, after) == ["group g, breaker of model=x open"]
    assert told(after, after) == []
    assert told(after, before) == ["group g, breaker of model=x closed"]


def _group(state: str, breaker: str) -> GroupRow:
    return GroupRow(
        group="g", parallel=1, running=0, state=state, breaker=breaker, reason="5 in a row"
    )
