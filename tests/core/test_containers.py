"""What counts of containers add up to."""

from supervisor.core.batch import Desk
from supervisor.core.codec import decode, encode
from supervisor.core.containers import Container, ContainerCounts, ContainersNow
from supervisor.core.events import ContainersSeen
from supervisor.core.step import step
from tests.batches import START, bad_night


def test_what_has_no_processes_does_not_run() -> None:
    counts = ContainerCounts(busy=3, idle=37, dead_idle=20, paused=1, created=2, exited=4)
    assert (counts.running, counts.total) == (61, 67)


def test_a_paused_container_cannot_run() -> None:
    words = ("running", "restarting", "paused", "exited", "created", "dead")
    made = [Container(id="a", name="a", image="i", created_at=0, status=word) for word in words]
    assert [one.running for one in made] == [True, True, False, False, False, False]


def test_the_batch_remembers_what_was_told_last() -> None:
    now = ContainersNow(host_cores=8, host_busy=1.5)
    after, _ = step(bad_night(), ContainersSeen(now=now), START)
    assert after.desk.containers == now
    assert decode(Desk, encode(after.desk)) == after.desk
