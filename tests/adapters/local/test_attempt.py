"""The memory of one attempt."""

from supervisor.adapters.local.attempt import Attempt
from supervisor.adapters.local.procfs import Ident, Process
from supervisor.core.models import TaskId
from supervisor.ports import Ref


def member(pid: int, session: int) -> Process:
    return Process(
        ident=Ident(pid, 5), name="x", state="S", parent=1, session=session, cpu_s=0, rss_bytes=0
    )


def test_remembers_members_and_the_sessions_they_lead() -> None:
    attempt = Attempt(ref=Ref(TaskId("g/t"), 1), directory="/d")
    assert attempt.sessions() == frozenset()
    attempt.shim = Ident(10, 1)
    attempt.remember([member(11, 10), member(12, 12), member(13, 700)])
    assert attempt.sessions() == {10, 12}
    target = attempt.target()
    assert target.seen == {Ident(11, 5), Ident(12, 5), Ident(13, 5)}
    assert (target.shim, target.directory) == (Ident(10, 1), "/d")
    assert target.sessions == {12}
    attempt.remember([])
    assert attempt.sessions() == {10}
