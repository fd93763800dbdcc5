"""The heart: scripts of event and effects, and what must hold whatever happens."""

from dataclasses import dataclass, replace
from typing import Literal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from supervisor.core.batch import Checking, Holding, Open, Rows
from supervisor.core.difference import difference
from supervisor.core.effects import (
    Effect,
    EndEngine,
    FreezeAttempt,
    Page,
    Record,
    Reply,
    RunPreflight,
    RunRefresh,
    StartAttempt,
    StopAttempt,
    ThawAttempt,
    TurnKnob,
)
from supervisor.core.events import (
    ActivityChanged,
    ClockJumped,
    Detected,
    DiskChanged,
    Event,
    KnobTurned,
    Noted,
    PreflightEnded,
    ReachChanged,
    RefreshEnded,
    Tick,
    Wanted,
)
from supervisor.core.facets import FINAL, LIVE
from supervisor.core.hours import Hours
from supervisor.core.intents import (
    Add,
    Cancel,
    Edit,
    First,
    FollowLimits,
    Freeze,
    Kill,
    Pause,
    Refresh,
    Reload,
    Resume,
    Retry,
    SetKnob,
    SetParallel,
    Stop,
    Thaw,
)
from supervisor.core.models import (
    BatchSpec,
    BreakerPolicy,
    CommandSpec,
    DegradePolicy,
    Detection,
    ErrorClass,
    GiveUpPolicy,
    InnerPolicy,
    LimitId,
    LimitSpec,
    NotifySpec,
    StallPolicy,
    TaskId,
    TimeoutPolicy,
)
from supervisor.core.need import need_of
from supervisor.core.options import RunOptions
from supervisor.core.resume import plan
from supervisor.core.state import Batch, all_rows, assemble, fresh, rows_changed, spec_of
from supervisor.core.step import effects_in_force, next_wakeup, step
from supervisor.core.why import why
from tests.core import always
from tests.fakes.night import (
    UUID,
    after,
    asked,
    batch_spec,
    begun,
    check_indexes,
    ended,
    failed,
    group,
    play,
    start,
    started,
    stop,
    task,
)


def test_a_batch_runs_to_its_end() -> None:
    """Two tasks, one at a time; the engine ends once, when both are done."""
    batch = play(
        fresh(batch_spec(["g/a", "g/b"], [group(parallel=1)]), UUID, 0.0),
        (Tick(), 0, [start("g/a")]),
        (started("g/a", 1, 1), 1, []),
        (ended("g/a", 1, 5), 5, [start("g/b")]),
        (started("g/b", 1, 6), 6, []),
        (ended("g/b", 1, 9), 9, [EndEngine(why="done")]),
        (Tick(), 20, []),
    )
    assert next_wakeup(batch) is None
    assert batch.desk.ended_at == 9


def test_a_fresh_batch_wants_to_be_looked_at() -> None:
    batch = fresh(batch_spec(["g/a"]), UUID, 0.0)
    assert next_wakeup(batch) == 0
    settled, _ = step(batch, Tick(), 0)
    assert next_wakeup(settled) is None


def test_an_event_that_changes_nothing_returns_the_same_batch() -> None:
    batch = begun(["g/a"])
    for event in (
        Tick(),
        ended("g/a", 7, 1),
        ended("g/nobody", 1, 1),
        started("g/a", 2, 1),
        ReachChanged(task=TaskId("g/a"), attempt=2, reason="gone"),
        ActivityChanged(task=TaskId("g/a"), attempt=1, quiet_since=1),
        RefreshEnded(limit=LimitId("nobody"), cause=""),
        PreflightEnded(limit=LimitId("nobody"), cause=""),
        PreflightEnded(limit=LimitId("g"), cause=""),
        DiskChanged(reason=None),
    ):
        same, effects = step(batch, event, 1)
        assert same is batch
        assert effects == ()


def test_each_change_raises_the_sequence_number_by_one() -> None:
    batch = begun(["g/a"])
    assert batch.desk.seq == 1
    later, _ = step(batch, started("g/a", 1, 1), 1)
    assert later.desk.seq == 2
    assert rows_changed(batch, later) == Rows(
        desk=later.desk, tasks={TaskId("g/a"): later.tasks[TaskId("g/a")]}
    )


def test_rows_without_the_batchs_own_are_refused() -> None:
    with pytest.raises(ValueError, match="lack"):
        assemble(batch_spec(["g/a"]), Rows())


def test_standing_orders_are_given_again_to_a_new_engine() -> None:
    batch = after(
        begun(["g/a", "g/b", "g/c", "g/d"], [group(parallel=4)]),
        (started("g/b", 1, 1), 1),
        (started("g/c", 1, 1), 1),
        (started("g/d", 1, 1), 1),
        (Wanted(intent=Freeze(targets=("g/c",)), who="ann"), 2),
        (Wanted(intent=Kill(targets=("g/d",)), who="ann"), 3),
    )
    assert effects_in_force(batch) == (
        start("g/a"),
        FreezeAttempt(task=TaskId("g/c"), attempt=1),
        stop("g/d", 1, "killed by ann"),
    )


def test_a_refresh_under_way_is_a_standing_order() -> None:
    limit = LimitSpec(name=LimitId("g"), refresh=CommandSpec(run="login"))
    batch = after(begun(["g/a"], limits=[limit]), (failed("g/a", 1, 60, ErrorClass.AUTH), 60))
    assert effects_in_force(batch) == (RunRefresh(limit=LimitId("g")),)


def test_a_note_about_a_living_attempt_is_written_down_only() -> None:
    batch = after(begun(["g/a"]), (started("g/a", 1, 1), 1))
    later, effects = step(batch, Noted(task=TaskId("g/a"), attempt=1, text="1 GiB skipped"), 2)
    assert effects == (Record(kind="note", subject="g/a", text="1 GiB skipped"),)
    assert later.tasks is batch.tasks
    assert step(batch, Noted(task=TaskId("g/a"), attempt=7, text="who?"), 2)[1] == ()


def test_a_disk_without_space_launches_nothing() -> None:
    batch = begun(["g/a", "g/b"], [group(parallel=1)])
    batch = play(
        batch,
        (DiskChanged(reason="9 GiB left"), 1, []),
        (DiskChanged(reason="9 GiB left"), 2, []),
        (ended("g/a", 1, 3), 3, []),
        (DiskChanged(reason=None), 9, [start("g/b")]),
    )
    assert batch.desk.disk is None


def test_draining_ends_the_engine_after_what_runs() -> None:
    batch, _, _ = asked(begun(["g/a", "g/b"], [group(parallel=1)]), Stop(mode="drain"), 1)
    play(batch, (ended("g/a", 1, 3), 3, [EndEngine(why="stopped")]))


CLASSES = [one for one in ErrorClass if one not in {ErrorClass.OPERATOR, ErrorClass.LOST}]
INSIDE = InnerPolicy(knob="samples", start=8, least=2, apply="run", run="tell {n}")
LADDER = DegradePolicy(knob="n", start=4, least=2, env={"CPU": "1"})
NAMES = ["g/a", "g/b", "g/c", "g/d", "h/a", "h/b", "k/a", "k/b", "k/c"]
GROUPS = ["g", "h", "k"]
HOURS = Hours(opens=1380, closes=10, offsets=((0.0, 0), (6000.0, 3600)))
LIMITS = ["trapi", "h"]
ASKED = LimitSpec(
    name=LimitId("trapi"),
    refresh=CommandSpec(run="login", every_s=1800.0, env=("TOKEN",)),
    preflight=CommandSpec(run="ping"),
)


def _known(need: str, names: list[str]) -> bool:
    name = need_of(need).name
    return name in GROUPS or name in names


def _spec(
    extra: int = 0,
    drop: int = 0,
    *,
    commands: bool = False,
    hours: Hours | None = None,
    parts: bool = False,
    knobs: bool = False,
) -> BatchSpec:
    names = [*NAMES, *(f"h/new{number}" for number in range(extra))][drop:]
    needs = {
        "k/b": ("{task: k/a, when: ended}",),
        "k/c": ("{group: h, done: 60%}", "h/a"),
        "h/b": ("g/a",),
        "g/d": ("{group: k, done: 30%, when: ended}",),
    }
    return batch_spec(
        [
            task(
                name,
                limits=(LimitId("trapi"),) if name[0] in "gk" else (LimitId("h"),),
                needs=tuple(n for n in needs.get(name, ()) if _known(n, names)),
                not_before=50.0 if name == "g/c" else None,
                params={"m": "x" if name[-1] in "ac" else "y"},
                weight={"g/b": 2, "h/a": 3, "k/c": 9}.get(name, 1),
            )
            for name in names
        ],
        [
            group(
                "g",
                parallel=2,
                parallel_least=1 if knobs else None,
                breaker=BreakerPolicy(consecutive=1, then="abort", per=("m",))
                if parts
                else BreakerPolicy(consecutive=2, then="abort"),
            ),
            group(
                "h",
                parallel_least=2 if knobs else None,
                inner=INSIDE if knobs else None,
                breaker=BreakerPolicy(
                    consecutive=0, share=0.5, window=3, per=("m",), probe_after_s=60
                )
                if parts
                else BreakerPolicy(consecutive=2, probe_after_s=60),
                stagger_low_s=2.0,
                stagger_high_s=7.0,
                stall=StallPolicy(quiet_s=300.0, action="restart"),
                give_up=GiveUpPolicy(holds=3, waited_s=4000),
            ),
            group(
                "k",
                parallel=1,
                inner=replace(INSIDE, apply="restart") if knobs else None,
                order=1,
                degrade=LADDER,
                timeout=TimeoutPolicy(first_s=100),
                breaker=BreakerPolicy(then="off"),
            ),
        ],
        [ASKED, LimitSpec(name=LimitId("h"), pace_s=30.0)]
        if commands
        else [LimitSpec(name=LimitId("trapi"), refresh=CommandSpec(run="login"))],
        notify=NotifySpec(run="./page.sh") if commands else None,
        parallel=4,
        hours=hours,
    )


RUNS = st.sampled_from(
    [
        RunOptions(),
        RunOptions(retry_errors=True),
        RunOptions(filter="h/*"),
        RunOptions(filter="k/*", ignore_needs=True),
        RunOptions(filter="g/a", with_dependents=True, force=True),
        RunOptions(changed="force"),
        RunOptions(until=3000.0),
        RunOptions(fail_fast=True),
        RunOptions(sample=0.3),
        RunOptions(with_dependents=True, retry_errors=True),
        RunOptions(changed="keep", parallel=2),
    ]
)


@dataclass(frozen=True)
class Stored:
    spec: BatchSpec
    rows: Rows


class Night(RuleBasedStateMachine):
    """Whatever happens in whatever order, the night goes on and nothing runs twice."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.launched: set[tuple[str, int]] = set()
        self.living: dict[str, int] = {}
        self.refreshing: set[LimitId] = set()
        self.checking: set[LimitId] = set()
        self.commands = False
        self.knobs = False
        self.telling: set[tuple[str, int, int]] = set()
        self.ends = 0
        self.turns = always.Turns()

    @initialize(commands=st.booleans(), parts=st.booleans(), knobs=st.booleans())
    def begin(self, commands: bool, parts: bool, knobs: bool) -> None:
        self.commands, self.knobs = commands, knobs
        spec = _spec(commands=commands, parts=parts, knobs=knobs)
        self.batch: Batch = fresh(spec, UUID, 0.0)
        self.happens(Tick())

    def happens(self, event: Event) -> tuple[Effect, ...]:
        before = self.batch
        if isinstance(event, Wanted) and isinstance(event.intent, Retry | Add | Reload | Stop):
            self.ends = 0
        self.batch, effects = step(before, event, self.now)
        self.turns.after(before, effects, self.batch, self.now)
        for one in effects:
            self.carry_out(one)
        for effect in effects:
            if isinstance(effect, StartAttempt):
                self.check_caps(before, effect)
        check_indexes(self.batch)
        return effects

    def carry_out(self, effect: Effect) -> None:
        match effect:
            case StartAttempt(task=id_, attempt=attempt):
                assert (id_, attempt) not in self.launched, "an attempt id was used twice"
                assert id_ not in self.living, "a second attempt beside a living one"
                self.launched.add((id_, attempt))
                self.living[id_] = attempt
            case StopAttempt() | FreezeAttempt() | ThawAttempt():
                assert self.living[effect.task] == effect.attempt, "an order to nobody"
            case TurnKnob(task=id_, attempt=attempt, value=value):
                assert self.living[id_] == attempt, "nobody is told"
                self.telling.add((id_, attempt, value))
            case RunRefresh(limit=limit):
                self.refreshing.add(limit)
            case RunPreflight(limit=limit):
                self.checking.add(limit)
            case Page():
                assert self.batch.head.notify is not None
            case EndEngine():
                self.ends += 1
                assert self.ends == 1, "the engine was ended twice"
            case _:
                pass

    def check_caps(self, before: Batch, effect: StartAttempt) -> None:
        name = self.batch.specs[effect.task].group
        limit = self.batch.groups[name].parallel
        alone = self.batch.slots[name].bit_count() == 1
        assert alone or self.batch.used[name] <= limit
        assert effect.slot <= max(limit, before.slots.get(name, 0).bit_length())
        cap = self.batch.desk.parallel
        assert cap is None or len(self.batch.live) == 1 or self.batch.used_all <= cap

    @rule(seconds=st.sampled_from([0.5, 5.0, 40.0, 400.0, 4000.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.happens(Tick())

    @rule()
    def until_the_next_deadline(self) -> None:
        wakeup = next_wakeup(self.batch)
        if wakeup is not None:
            self.now = max(self.now, wakeup)
            self.happens(Tick())

    @precondition(lambda self: self.living)
    @rule(data=st.data())
    def an_attempt_is_alive(self, data: st.DataObject) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.living)))
        self.happens(started(id_, self.living[id_], self.now))

    @precondition(lambda self: self.living)
    @rule(data=st.data(), code=st.sampled_from([0, 0, 0, 1, None]))
    def an_attempt_ends(self, data: st.DataObject, code: int | None) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.living)))
        attempt = self.living.pop(id_)
        self.happens(ended(id_, attempt, self.now, code))
        assert self.happens(ended(id_, attempt, self.now, 1)) == ()

    @precondition(lambda self: self.living)
    @rule(
        data=st.data(),
        error_class=st.sampled_from(CLASSES),
        stated=st.sampled_from([None, -10.0, 20.0, 900.0]),
    )
    def an_attempt_fails(
        self, data: st.DataObject, error_class: ErrorClass, stated: float | None
    ) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.living)))
        attempt = self.living.pop(id_)
        retry_at = None if stated is None else self.now + stated
        self.happens(failed(id_, attempt, self.now, error_class, retry_at=retry_at))

    @precondition(lambda self: self.living)
    @rule(data=st.data())
    def an_attempt_is_lost(self, data: st.DataObject) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.living)))
        attempt = self.living.pop(id_)
        self.happens(ended(id_, attempt, self.now, None, preset=ErrorClass.LOST, cause="reboot"))

    @rule(id_=st.sampled_from(NAMES), attempt=st.integers(0, 3), what=st.integers(0, 5))
    def news_of_attempts(self, id_: str, attempt: int, what: int) -> None:
        if id_ not in self.batch.tasks or (self.living.get(id_) == attempt and what == 0):
            return
        found = Detection(
            rule="r",
            error_class=ErrorClass.AUTH,
            line="401",
            stream="stderr",
            strong=True,
            written_at=self.now,
        )
        one = TaskId(id_)
        news: list[Event] = [
            ended(id_, attempt, self.now, 1),
            Detected(task=one, attempt=attempt, detection=found),
            ActivityChanged(task=one, attempt=attempt, quiet_since=self.now),
            ActivityChanged(task=one, attempt=attempt, quiet_since=None),
            ReachChanged(task=one, attempt=attempt, reason="silence"),
            ReachChanged(task=one, attempt=attempt, reason=None),
        ]
        self.happens(news[what])

    @precondition(lambda self: self.refreshing)
    @rule(
        cause=st.sampled_from(["", "", "no network"]),
        error_class=st.sampled_from([None, ErrorClass.NETWORK]),
    )
    def a_refresh_ends(self, cause: str, error_class: ErrorClass | None) -> None:
        name = self.refreshing.pop()
        self.happens(RefreshEnded(limit=name, cause=cause, error_class=error_class))

    @precondition(lambda self: self.checking)
    @rule(
        cause=st.sampled_from(["", "", "no"]),
        error_class=st.sampled_from([None, *CLASSES]),
        stated=st.sampled_from([None, -10.0, 900.0]),
    )
    def a_preflight_ends(
        self, cause: str, error_class: ErrorClass | None, stated: float | None
    ) -> None:
        told = PreflightEnded(
            limit=self.checking.pop(),
            cause=cause,
            error_class=error_class,
            retry_at=None if stated is None else self.now + stated,
        )
        self.happens(told)

    @precondition(lambda self: self.telling)
    @rule(cause=st.sampled_from(["", "", "no server"]))
    def somebody_was_told(self, cause: str) -> None:
        id_, attempt, value = min(self.telling)
        self.telling.remove((id_, attempt, value))
        told = KnobTurned(task=TaskId(id_), attempt=attempt, value=value, cause=cause)
        self.happens(told)

    @precondition(lambda self: self.living)
    @rule(data=st.data(), repeats=st.sampled_from([1, 5, 40]))
    def a_storm_of_rate_limits(self, data: st.DataObject, repeats: int) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.living)))
        found = Detection(
            rule="r",
            error_class=ErrorClass.RATE_LIMIT,
            line="429",
            stream="stderr",
            strong=True,
            written_at=self.now,
            repeats=repeats,
        )
        self.happens(Detected(task=TaskId(id_), attempt=self.living[id_], detection=found))

    @rule(reason=st.sampled_from([None, None, "full"]))
    def the_disk_changes(self, reason: str | None) -> None:
        self.happens(DiskChanged(reason=reason))

    @rule(by_s=st.sampled_from([-3600.0, 90.0, 7200.0]))
    def the_clock_jumps(self, by_s: float) -> None:
        self.now = max(0.0, self.now + by_s)
        self.happens(ClockJumped(by_s=by_s))

    @rule(
        intent=st.one_of(
            st.builds(Pause, group=st.sampled_from([None, "g", "x"])),
            st.builds(Resume, name=st.sampled_from([None, *GROUPS, *LIMITS, *NAMES, "g/m=x", "x"])),
            st.builds(Freeze, targets=st.sampled_from([(), ("g",), ("h/*",)])),
            st.builds(Thaw, targets=st.sampled_from([(), ("g",), ("h/*",)])),
            st.builds(
                SetParallel,
                group=st.sampled_from([None, "g", "h", "k", "x"]),
                parallel=st.integers(0, 5),
                knob=st.sampled_from([None, "parallel", "samples"]),
                restart=st.booleans(),
            ),
            st.builds(FollowLimits, group=st.sampled_from(["g", "h", "k", "x"])),
            st.builds(Refresh, limit=st.sampled_from([LimitId("trapi"), LimitId("h")])),
            st.builds(Kill, targets=st.sampled_from([("g",), ("k/a",), ("*",)])),
            st.builds(Cancel, targets=st.sampled_from([("h/a",), ("k",)])),
            st.builds(
                Retry,
                targets=st.sampled_from([(), ("g",), ("k/a",), ("h/a", "h/b")]),
                error_class=st.sampled_from([None, ErrorClass.UNKNOWN]),
                with_dependents=st.booleans(),
            ),
            st.builds(First, targets=st.sampled_from([("g/c",), ("k",)])),
            st.builds(
                Edit, task=st.sampled_from(["g/a", "b", "x"]), run=st.sampled_from(["one", "two"])
            ),
            st.builds(
                SetKnob,
                targets=st.sampled_from([("k",), ("k/a", "h"), ("k/b", "k")]),
                knob=st.just("n"),
                value=st.integers(1, 4),
            ),
        )
    )
    def somebody_wants(self, intent: object) -> None:
        effects = self.happens(Wanted(intent=intent, who="ann"))  # type: ignore[arg-type]
        assert any(type(one).__name__ == "Reply" for one in effects)
        if not isinstance(intent, Refresh):
            again, effects = step(self.batch, Wanted(intent=intent, who="bob"), self.now)  # type: ignore[arg-type]
            assert not any(isinstance(one, Record) for one in effects), "it was done already"
            desk = replace(again.desk, seq=self.batch.desk.seq)
            assert all_rows(replace(again, desk=desk)) == all_rows(self.batch)

    @rule(mode=st.sampled_from(["stop", "drain"]), options=RUNS)
    def the_engine_stops_and_begins_anew(
        self, mode: Literal["stop", "drain"], options: RunOptions
    ) -> None:
        self.happens(Wanted(intent=Stop(mode=mode), who="ann"))
        for id_, attempt in list(self.living.items()):
            del self.living[id_]
            self.happens(ended(id_, attempt, self.now, 143))
        assert self.ends == 1
        assert not self.batch.live
        self.anew(options)

    @rule(options=RUNS)
    def the_engine_dies_and_begins_anew(self, options: RunOptions) -> None:
        self.anew(options)

    def anew(self, options: RunOptions) -> None:
        always.rows_tell_all(self.batch)
        stored = Stored(spec=spec_of(self.batch), rows=all_rows(self.batch))
        found = plan(stored.spec, stored, options, self.now, UUID)
        if found.refused is not None:
            options = RunOptions()
            found = plan(stored.spec, stored, options, self.now, UUID)
            assert found.refused is None or "another command" in found.refused
        assert found.nothing_to_do == (found.batch.open == 0 and not found.batch.live)
        for name, limit in stored.rows.limits.items():
            assert found.batch.limits[name] == limit, "a hold was lost"
        asked_again = options.force or options.retry_errors or options.with_dependents
        again = asked_again or options.changed == "force"
        always.counters_are_kept(stored.rows, found.batch, again=again)
        self.batch = found.batch
        self.ends = 0
        # Whose turn it is, is not written down: a new engine begins with the first group.
        self.turns = always.Turns()
        for effect in effects_in_force(self.batch):
            assert isinstance(effect, RunRefresh | RunPreflight) or effect.task in self.living  # type: ignore[union-attr]
        self.happens(Tick())

    @rule(number=st.integers(0, 3))
    def a_task_is_added(self, number: int) -> None:
        spec = task(f"h/more{number}", needs=("h/a",) if number else ())
        if TaskId("h/a") in self.batch.tasks:
            self.happens(Wanted(intent=Add(task=spec), who="ann"))

    @rule(
        extra=st.integers(0, 2),
        drop=st.integers(0, 2),
        hours=st.sampled_from([None, HOURS]),
        parts=st.booleans(),
    )
    def the_file_is_edited(self, extra: int, drop: int, hours: Hours | None, parts: bool) -> None:
        own = {"commands": self.commands, "knobs": self.knobs}
        spec = _spec(extra, drop, hours=hours, parts=parts, **own)
        self.happens(Wanted(intent=Reload(spec=spec), who="ann"))
        same, effects = step(self.batch, Wanted(intent=Reload(spec=spec), who="bob"), self.now)
        assert effects == (Reply(text="the batch file says what it said before"),)
        assert all_rows(replace(same, desk=self.batch.desk)) == all_rows(self.batch)
        assert not difference(self.batch, spec)

    @invariant()
    def what_is_due_was_done(self) -> None:
        wakeup = next_wakeup(self.batch)
        assert wakeup is None or wakeup > self.now

    @invariant()
    def living_attempts_are_known(self) -> None:
        known = {
            id_: one.phase.attempt
            for id_, one in self.batch.tasks.items()
            if isinstance(one.phase, LIVE)
        }
        assert known == self.living

    @invariant()
    def budgets_are_kept(self) -> None:
        always.budgets_are_kept(self.batch)

    @invariant()
    def ladders_end(self) -> None:
        always.ladders_end(self.batch)

    @invariant()
    def holds_and_breakers_end(self) -> None:
        always.holds_end(self.batch, self.now, self.refreshing, self.checking)
        always.breakers_end(self.batch)

    @invariant()
    def knobs_stay_in_their_ranges(self) -> None:
        always.knobs_stay_in_their_ranges(self.batch, self.telling)

    @invariant()
    def waits_are_known(self) -> None:
        always.waits_are_known(self.batch, self.now)

    @invariant()
    def everything_has_a_reason(self) -> None:
        for id_, one in self.batch.tasks.items():
            lines = why(self.batch, id_, self.now)
            assert lines
            assert all(lines)
            if not isinstance(one.phase, (*LIVE, *FINAL)):
                assert len(lines[0]) > len(id_)

    @invariant()
    def nobody_waits_for_nothing(self) -> None:
        batch = self.batch
        if batch.open == 0 or self.living or next_wakeup(batch) is not None:
            return
        desk = batch.desk
        stands = (
            desk.paused
            or desk.disk is not None
            or desk.stopping is not None
            or any(one.paused for one in batch.groups.values())
            or any(isinstance(one.breaker, Open) for one in batch.groups.values())
            or any(
                isinstance(one.phase, Checking)
                or (
                    isinstance(one.phase, Holding)
                    and (one.phase.needs_operator or one.phase.refreshing)
                )
                for one in batch.limits.values()
            )
        )
        assert stands, [(one.id, one.phase) for one in batch.tasks.values()]


Night.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestNight = Night.TestCase
