"""Who is known, and where."""

from supervisor.adapters.local.procfs import Ident
from supervisor.adapters.local.roster import Roster
from tests.adapters.local.test_attempt import member
from tests.contract.backend_rigs import ref

A, B = ref("a"), ref("b")


def test_knows_an_attempt_once() -> None:
    roster = Roster("/state")
    first = roster.enter(A)
    assert first is not None
    assert first.directory == "/state/tasks/g/a/attempt-1"
    assert roster.enter(A) is None
    assert roster.get(A) is first
    assert roster.running([A, A, B]) == [first]


def test_keeps_sessions_until_all_is_over() -> None:
    roster = Roster("/state")
    first, second = roster.enter(A), roster.enter(B)
    assert first is not None
    assert second is not None
    for attempt, pid in ((first, 10), (second, 20)):
        attempt.shim = Ident(pid, 1)
        roster.note_sessions(attempt)
    roster.remember({A: [member(12, 12)], ref("stranger"): []})
    roster.remember({A: [member(13, 13)]})
    assert set(roster.sessions) == {10, 12, 13, 20}
    roster.over(first)
    assert set(roster.sessions) == {20}
    assert [target.ref for target in roster.targets()] == [B]
    roster.remember({A: [member(14, 14)]})
    assert set(roster.sessions) == {20}


def test_forgets_only_what_is_over() -> None:
    roster = Roster("/state")
    first = roster.enter(A)
    roster.enter(B)
    assert first is not None
    roster.over(first)
    roster.forget([A, B, ref("stranger")])
    assert roster.enter(A) is not None
    assert roster.enter(B) is None
