"""What clients and the core are told of containers."""

from dataclasses import replace

from supervisor.core.container_rows import by_task, counted, row, same_states
from supervisor.core.containers import (
    Container,
    ContainerCounts,
    ContainerRow,
    ContainerUsage,
    Signals,
)
from supervisor.core.idleness import Track, judged, measured
from supervisor.core.names import TaskId
from supervisor.core.ownership import Owner

ONE = Container(
    id="1", name="agentrun--x", image="hal", created_at=5.0, status="running", limit_cores=2.0
)
OURS = Owner(owned=True, group="g", task=TaskId("g/t"), attempt=2, proof="its label says so")


def worked(cores: float) -> Track:
    track = Track(first_at=0.0, signals=Signals(at=0, extra_processes=1, sleeper=True))
    for at in range(0, 31, 3):
        track = measured(track, ContainerUsage(at=at, cpu_s=at * cores, mem_bytes=99999, pids=2))
    return track


def test_a_row_tells_all_that_is_known() -> None:
    track, verdict = judged(worked(0.5), ONE, 30.0, over=False, dead_after_s=None)
    one = row(ONE, track, verdict, OURS, host_cores=8)
    assert (one.state, one.task, one.attempt, one.owned) == ("busy", "g/t", 2, True)
    assert (one.cores, one.cpu_percent, one.mem_bytes, one.pids) == (0.5, 25.0, 65536, 2)
    assert one.quiet_since is None
    assert one.history == (0.5, 0.5)
    free = row(replace(ONE, limit_cores=None), track, verdict, OURS, host_cores=8)
    assert free.cpu_percent == 6.25
    assert row(replace(ONE, limit_cores=None), track, verdict, OURS, None).cpu_percent is None


def test_an_idle_row_does_not_change_as_time_passes() -> None:
    track, verdict = judged(worked(0.0001), ONE, 30.0, over=False, dead_after_s=None)
    later, same = judged(track, ONE, 99.0, over=False, dead_after_s=None)
    assert row(ONE, track, verdict, OURS, 8) == row(ONE, later, same, OURS, 8)


def test_what_does_not_run_uses_nothing() -> None:
    gone = replace(ONE, status="exited", exit_code=0)
    track, verdict = judged(worked(0.5), gone, 30.0, over=False, dead_after_s=None)
    one = row(gone, track, verdict, OURS, 8)
    assert (one.cores, one.mem_bytes, one.pids, one.quiet_since) == (None, None, None, None)


def shown(id_: str, state: str, task: str | None = "g/t", **more: object) -> ContainerRow:
    facts: dict[str, object] = {"owned": True, "group": "g", "task": task, "state": state}
    return ContainerRow(id=id_, name=id_, image="i", **(facts | more))  # type: ignore[arg-type]


def test_the_containers_of_each_task_are_counted_apart() -> None:
    rows = [
        shown("1", "busy"),
        shown("2", "idle", since=50.0),
        shown("3", "dead_idle", since=20.0),
        shown("4", "idle", answering=True, since=90.0),
        shown("5", "idle", task=None, since=10.0),
        shown("6", "busy", owned=False),
    ]
    loose, own = by_task(rows)
    assert (loose.task, loose.counts.idle, loose.idle_since) == (None, 1, 10.0)
    assert own.counts == ContainerCounts(busy=1, idle=2, dead_idle=1)
    assert (own.owned, own.answering, own.idle_since) == (4, 1, 50.0)
    assert counted(rows).busy == 2


def test_only_states_make_news() -> None:
    before = by_task([shown("1", "idle", since=1.0)])
    assert same_states(before, by_task([shown("1", "idle", since=5.0)]))
    assert not same_states(before, by_task([shown("1", "busy")]))
    assert not same_states(before, by_task([shown("1", "idle", answering=True)]))
    assert not same_states(before, ())
