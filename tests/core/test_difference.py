"""Differences of two batch files in words."""

from dataclasses import replace

from supervisor.core.codec import dumps
from supervisor.core.difference import between, difference
from supervisor.core.intents import Add, Reload
from supervisor.core.models import (
    CommandSpec,
    ErrorClass,
    Hours,
    LimitId,
    LimitSpec,
    OwnRule,
)
from supervisor.core.rules import Rule
from supervisor.core.runners import RunnerProfile
from tests.fakes.night import asked, batch_spec, begun, group, task

BEFORE = batch_spec(["g/a", "g/b", "h/a"])


def lines(after_it: object) -> tuple[str, ...]:
    assert isinstance(after_it, type(BEFORE))
    return between(BEFORE, after_it).lines()


def test_nothing_differs() -> None:
    found = between(BEFORE, BEFORE)
    assert not found
    assert (found.lines(), found.brief()) == ((), "")


def test_settings_are_told_in_the_words_of_the_batch_file() -> None:
    own = group(
        parallel=9,
        retry=replace(group().retry, base_s=60, attempts=6),
        action_by_class={ErrorClass.UNKNOWN: "fail"},
        stagger_high_s=7.0,
    )
    edited = batch_spec(
        ["g/a", "g/b", "h/a"],
        [own],
        [LimitSpec(name=LimitId("g"), refresh=CommandSpec(run="login", every_s=2700))],
        parallel=3,
        hours=Hours(opens=1320, closes=450),
        disk_floor_bytes=10 << 30,
    )
    assert lines(edited) == (
        "~ parallel: none → 3",
        "~ disk_floor: 0 B → 10.0 GiB",
        "~ hours: none → 22:00-07:30",
        "~ g.parallel: 4 → 9",
        "~ g.stagger to: 0s → 7s",
        "~ g.retry.attempts: 4 → 6",
        "~ g.retry.base: 30s → 1m",
        "~ g.errors.action.unknown: none → fail",
        "~ limits.g.refresh.run: none → login",
        "~ limits.g.refresh.timeout: none → 1m",
        "~ limits.g.refresh.every: none → 45m",
    )
    assert between(BEFORE, edited).brief() == (
        "parallel: none → 3; disk_floor: 0 B → 10.0 GiB; hours: none → 22:00-07:30;"
        f" {len(lines(edited)) - 3} other settings"
    )


def test_tasks_come_go_and_change() -> None:
    edited = batch_spec(
        [
            task("g/a", run=("echo", "x")),
            task("g/b", env={"TOKEN": "s3cret"}, not_before=50.0),
            task("new/a", run="make --token hunter2-abcdef"),
        ]
    )
    assert lines(edited) == (
        "~ new: a new group",
        "~ h: the group is removed",
        "~ g/a: run: run g/a → echo x",
        "~ g/b: env.TOKEN: new",
        "~ g/b: at",
        "+ new/a: make --token [redacted]",
        "- h/a",
    )
    assert between(BEFORE, edited).brief() == (
        "new: a new group; h: the group is removed; 1 task new; 1 task removed; 2 tasks changed"
    )


def test_the_same_hour_of_another_day_is_no_difference() -> None:
    first, second, third = (
        batch_spec([task("g/a", not_before=at)]) for at in (50.0, 86450.0, 60.0)
    )
    assert not between(first, second)
    assert between(first, third).changed.lines == ("g/a: at",)
    never = batch_spec([task("g/a")])
    assert between(never, first).changed.lines == ("g/a: at",)


def test_another_order_is_told_where_nothing_else_is() -> None:
    edited = batch_spec(["g/b", "g/a", "h/a"])
    assert lines(edited) == ("~ the order of the tasks",)
    assert between(BEFORE, edited).brief() == "another order of tasks"


def test_rules_and_profiles_are_named_only() -> None:
    def own(name: str, pattern: str) -> OwnRule:
        rule = Rule(id=name, error_class=ErrorClass.NETWORK, pattern=pattern)
        return OwnRule(where="x:1", text=dumps(rule, Rule))

    first = replace(BEFORE, rules=(own("a", "x"), own("b", "x")))
    second = replace(BEFORE, rules=(own("b", "y"), own("c", "x")))
    assert between(first, second).settings == (
        "rules.a: removed",
        "rules.b: changed",
        "rules.c: new",
    )
    profiles = [
        replace(BEFORE, profiles=(RunnerProfile(name="inspect", quiet_s=quiet_s),))
        for quiet_s in (None, 7200.0)
    ]
    assert between(*profiles).settings == ("runner inspect.quiet: none → 2h",)
    assert not between(BEFORE, profiles[0]), "which profiles are used follows from the tasks"


def test_of_many_tasks_some_are_listed() -> None:
    names = [f"g/{n}" for n in range(50)]
    found = between(batch_spec(names[:1]), batch_spec(names))
    assert len(found.lines()) == 21
    assert found.lines()[-1] == "+ … and 29 tasks more"
    assert found.brief() == "49 tasks new"


def test_what_no_file_has_is_no_difference() -> None:
    batch, _, _ = asked(begun(["g/a", "g/b"]), Add(task=task("evals/x")), 1)
    batch, _, _ = asked(batch, Reload(spec=batch_spec(["g/a"])), 2)
    assert not difference(batch, batch_spec(["g/a"])), "added by hand, or removed before"
    assert difference(batch, batch_spec(["g/a", "g/b"])).brief() == "1 task new", "it is back"


def test_a_new_limit_is_told_where_it_does_something() -> None:
    new = LimitSpec(name=LimitId("api"), pace_s=6.0)
    assert lines(batch_spec(["g/a", "g/b", "h/a"], limits=[new])) == ("~ limits.api: new",)
    plain = LimitSpec(name=LimitId("api"))
    assert lines(batch_spec(["g/a", "g/b", "h/a"], limits=[plain])) == ()


def test_names_and_commands_cannot_steer_a_terminal() -> None:
    edited = batch_spec(["g/a", "g/b", "h/a", task("g/c", run="echo \x1b[2Jgone\nnext")])
    assert lines(edited) == ("+ g/c: echo ?[2Jgone next",)


def test_numbers_that_are_no_span() -> None:
    edited = batch_spec(["g/a", "g/b", "h/a"], [group(retry=replace(group().retry, factor=1.5))])
    assert lines(edited) == ("~ g.retry.factor: 2 → 1.5",)
