"""The container engine goes away and comes back: what waits, and what nobody is blamed for."""

from supervisor.core.batch import Free, Holding
from supervisor.core.blocks import limit_reason
from supervisor.core.events import DaemonChanged
from supervisor.core.models import ErrorClass, LimitId, TaskId
from supervisor.core.phase import Held, Phase, Running, Starting, Waiting
from supervisor.core.picture import board
from supervisor.core.state import Batch
from supervisor.core.wish import DOCKER
from tests.fakes.night import after, begun, failed, group, started, task

AWAY, BACK = DaemonChanged(reason="no answer"), DaemonChanged(reason=None)


def phase_of(batch: Batch, id_: str) -> Phase:
    return batch.tasks[TaskId(id_)].phase


def night(parallel: int = 2) -> Batch:
    """Four container tasks, of which two run since 0."""
    batch = begun(
        [task(f"g/{number}", limits=(LimitId("g"), DOCKER)) for number in range(4)],
        [group(parallel=parallel)],
    )
    return after(batch, *((started(f"g/{number}", 1, 0), 0) for number in range(parallel)))


def test_nothing_is_launched_while_it_is_away() -> None:
    batch = after(night(), (AWAY, 10), (failed("g/0", 1, 20, ErrorClass.NETWORK), 20))
    assert batch.limits[DOCKER].phase == Holding(
        since=10, until=None, reason="no answer", outage=True
    )
    assert isinstance(phase_of(batch, "g/2"), Waiting)
    assert isinstance(phase_of(batch, "g/1"), Running)
    said = "container tasks wait until the container engine answers: no answer"
    assert limit_reason(batch, DOCKER, 20) == said
    [row] = [row for row in board(batch, 20).head.limits if row.limit == DOCKER]
    assert (row.state, row.held_until) == ("unreachable", None)


def test_its_answer_frees_all_at_once_without_a_probe() -> None:
    batch = after(night(), (AWAY, 10), (failed("g/0", 1, 11, ErrorClass.DOCKER), 12), (BACK, 40))
    assert batch.limits[DOCKER].phase == Free()
    assert isinstance(phase_of(batch, "g/0"), Starting)
    assert batch.tasks[TaskId("g/0")].failures == 0


def test_an_end_that_is_told_late_is_of_the_same_incident() -> None:
    batch = after(night(), (AWAY, 10), (BACK, 40), (failed("g/0", 1, 11, ErrorClass.DOCKER), 41))
    assert batch.limits[DOCKER].phase == Free()
    assert isinstance(phase_of(batch, "g/0"), Starting)


def test_trouble_of_an_engine_that_answers_holds_its_limit_only() -> None:
    batch = after(night(), (failed("g/0", 1, 20, ErrorClass.DOCKER), 20))
    assert isinstance(phase_of(batch, "g/0"), Held)
    hold = batch.limits[DOCKER].phase
    assert isinstance(hold, Holding)
    assert hold.until == 50
    assert batch.tasks[TaskId("g/0")].failures == 0
    others = [limit.phase for name, limit in batch.limits.items() if name != DOCKER]
    assert others == [Free()]


def test_failed_servers_are_no_trouble_of_the_engine() -> None:
    batch = after(
        night(),
        (failed("g/0", 1, 20, ErrorClass.NETWORK), 20),
        (failed("g/1", 1, 21, ErrorClass.NETWORK), 21),
    )
    assert batch.limits[DOCKER].phase == Free()


def test_a_batch_without_containers_does_not_care() -> None:
    batch = begun([task("g/0")], [group()])
    assert after(batch, (AWAY, 10)) is batch


def test_what_a_person_must_release_stays_held() -> None:
    cause = "docker hub: your account has no quota left"
    batch = after(night(), (failed("g/0", 1, 5, ErrorClass.QUOTA, cause=cause), 5))
    hold = batch.limits[DOCKER].phase
    assert isinstance(hold, Holding)
    assert hold.needs_operator
    assert after(batch, (AWAY, 6), (BACK, 7)).limits[DOCKER].phase == hold


def test_an_answer_that_nobody_waited_for_changes_nothing() -> None:
    batch = night()
    assert after(batch, (BACK, 5)).limits[DOCKER] == batch.limits[DOCKER]
