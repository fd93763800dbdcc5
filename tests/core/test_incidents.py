"""What a running attempt wrote is written down, holds its limit, and seldom ends it."""

from dataclasses import replace

from supervisor.core.batch import Free, Holding, Incident, Probing
from supervisor.core.effects import Effect, Record, RunRefresh, StopAttempt
from supervisor.core.events import Detected, RefreshEnded
from supervisor.core.evidence import Detection
from supervisor.core.models import CommandSpec, ErrorClass, LimitId, LimitSpec, TaskId
from supervisor.core.phase import Failed, Held, Running, Starting, Succeeded
from supervisor.core.state import Batch
from supervisor.core.step import step
from supervisor.core.why import why
from tests.fakes.night import after, begun, ended, failed, group, started, task

T, A = LimitId("trapi"), TaskId("g/a")
LINE = Detection(
    rule="vendor.login",
    error_class=ErrorClass.AUTH,
    line="openai.AuthenticationError: Error code: 401",
    stream="stderr",
    strong=True,
    written_at=100.0,
)
REFUSED = replace(LINE, repeats=3, storm_s=20.0)
STORM = replace(LINE, repeats=12, storm_s=90.0, written_at=190.0)
WINDOW = replace(LINE, error_class=ErrorClass.USAGE_WINDOW, retry_at=3700.0, line="resets 4pm")


def night(*, refresh: bool = False) -> Batch:
    limits = [LimitSpec(name=T, refresh=CommandSpec(run="login") if refresh else None)]
    names = ["g/a", "g/b", "g/c"]
    batch = begun([task(name, limits=(T,)) for name in names], [group(parallel=2)], limits)
    return after(batch, (started("g/a", 1, 0), 0), (started("g/b", 1, 0), 0))


def wrote(batch: Batch, detection: Detection, id_: str = "g/a") -> tuple[Batch, tuple[Effect, ...]]:
    event = Detected(task=TaskId(id_), attempt=1, detection=detection)
    return step(batch, event, detection.written_at)


def holding(batch: Batch) -> Holding:
    phase = batch.limits[T].phase
    assert isinstance(phase, Holding)
    return phase


def test_one_line_is_written_down_and_shown() -> None:
    batch, effects = wrote(night(), LINE)
    (record,) = effects
    assert record == Record(kind="detected", subject="g/a", text=f"auth: {LINE.line}")
    assert isinstance(batch.limits[T].phase, Free)
    assert batch.tasks[A].incident == Incident(
        error_class=ErrorClass.AUTH, line=LINE.line, rule=LINE.rule, since=100, last_at=100
    )
    told = why(batch, A, 130)
    assert f"It wrote, 30s ago: auth: {LINE.line} (vendor.login)." in told


def test_repeated_lines_hold_the_limit_and_leave_the_attempt_alone() -> None:
    batch, effects = wrote(wrote(night(), LINE)[0], replace(REFUSED, written_at=120.0))
    assert not any(isinstance(one, StopAttempt) for one in effects)
    assert holding(batch).by == A
    told = "\n".join(why(batch, A, 130))
    assert "It wrote, 3 times in 20s, last 10s ago: auth: " in told
    assert "trapi launches no more for now" in told
    assert isinstance(batch.tasks[A].phase, Running)


def test_a_class_that_is_not_to_wait_holds_nothing() -> None:
    own = group(parallel=1, action_by_class={ErrorClass.AUTH: "fail"})
    batch = after(begun([task("g/a", limits=(T,))], [own]), (started("g/a", 1, 0), 0))
    batch, _ = wrote(batch, REFUSED)
    assert isinstance(batch.limits[T].phase, Free)
    assert "launches no more" not in "\n".join(why(batch, A, 130))
    batch = after(batch, (failed("g/a", 1, 200, ErrorClass.AUTH), 200))
    assert isinstance(batch.tasks[A].phase, Failed)
    assert isinstance(batch.limits[T].phase, Free)


def test_a_refused_credential_is_refreshed_at_once() -> None:
    batch, effects = wrote(night(refresh=True), REFUSED)
    assert RunRefresh(limit=T) in effects
    batch, _ = step(batch, RefreshEnded(limit=T, cause=""), 110)
    batch = after(batch, (failed("g/a", 1, 120, ErrorClass.AUTH), 120))
    assert isinstance(batch.limits[T].phase, Probing), "one incident: it is over"
    assert batch.limits[T].pause_count == 1


def test_a_storm_of_refusals_ends_the_attempt_as_what_it_is() -> None:
    batch, effects = wrote(wrote(night(), REFUSED)[0], STORM)
    (stop,) = (one for one in effects if isinstance(one, StopAttempt))
    assert stop.reason == f"{LINE.line} (12 times in 1m30s, and nothing got done)"
    again, effects = wrote(batch, replace(STORM, repeats=24))
    assert not any(isinstance(one, StopAttempt) for one in effects)
    over = after(again, (ended("g/a", 1, 200, code=143), 200))
    one = over.tasks[A]
    assert one.phase == Starting(attempt=2, since=200, slot=1), "the restart is the refresh"
    assert one.history[0].error_class is ErrorClass.AUTH
    assert (one.failures, one.incident) == (0, None)


def test_a_stated_window_holds_until_then() -> None:
    batch, _ = wrote(night(), WINDOW)
    assert holding(batch).until == 3760
    assert holding(batch).stated
    assert holding(batch).by == A
    batch = after(batch, (failed("g/b", 1, 150, ErrorClass.USAGE_WINDOW, retry_at=3700), 150))
    assert holding(batch).by is None, "one ended on it: that is certain now"
    assert isinstance(batch.tasks[TaskId("g/b")].phase, Held)
    assert batch.limits[T].pause_count == 1, "the same failure seen twice is one incident"


def test_who_said_so_and_succeeded_was_wrong() -> None:
    batch, _ = wrote(night(), replace(WINDOW, error_class=ErrorClass.QUOTA, repeats=3))
    assert holding(batch).needs_operator
    other = after(batch, (ended("g/b", 1, 150), 150))
    assert isinstance(other.limits[T].phase, Holding), "that one may not have needed it"
    batch = after(other, (ended("g/a", 1, 160), 160))
    assert isinstance(batch.tasks[A].phase, Succeeded)
    assert isinstance(batch.limits[T].phase, Probing)
    assert isinstance(batch.tasks[TaskId("g/c")].phase, Starting)


def test_a_growing_incident_keeps_its_beginning_another_one_has_its_own() -> None:
    batch, _ = wrote(wrote(night(), LINE)[0], STORM)
    incident = batch.tasks[A].incident
    assert incident is not None
    assert (incident.since, incident.last_at, incident.times) == (100, 190, 12)
    batch, _ = wrote(batch, replace(WINDOW, written_at=200.0))
    incident = batch.tasks[A].incident
    assert incident is not None
    assert (incident.error_class, incident.since) == (ErrorClass.USAGE_WINDOW, 200)


def test_the_same_failure_in_a_stream_and_a_file_is_one_incident() -> None:
    batch, _ = wrote(night(), REFUSED)
    before = batch.limits[T]
    batch, effects = wrote(batch, replace(LINE, stream="file", path="r.json", written_at=101.0))
    assert effects == ()
    assert batch.limits[T] == before
    incident = batch.tasks[A].incident
    assert incident is not None
    assert incident.times == 3
    _, effects = wrote(batch, replace(LINE, written_at=5000.0))
    again = Record(kind="detected", subject="g/a", text=f"auth: {LINE.line}")
    assert again in effects, "much later it is news"


def test_what_may_be_another_tasks_is_evidence_for_the_limit_only() -> None:
    batch, effects = wrote(night(), replace(STORM, tied=False, stream="file"))
    assert isinstance(batch.limits[T].phase, Holding)
    assert not any(isinstance(one, StopAttempt) for one in effects)
    assert batch.tasks[A].incident is None


def test_weak_words_and_words_of_the_dead_are_nothing() -> None:
    batch = night()
    assert wrote(batch, replace(STORM, strong=False)) == (batch, ())
    over = after(batch, (ended("g/a", 1, 50), 50))
    assert wrote(over, STORM) == (over, ())
