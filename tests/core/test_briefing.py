"""What a run says before it begins: each refusal names its way out."""

from dataclasses import replace

from supervisor.core.briefing import missing_names, standing, undecided, unselected_needs
from supervisor.core.intents import Pause, SetParallel
from supervisor.core.models import ErrorClass, GroupId, InnerPolicy, TaskId
from supervisor.core.options import RunOptions
from supervisor.core.state import Batch, all_rows, assemble, spec_of
from tests.fakes.night import after, asked, begun, failed, group, task

ASK = RunOptions()


def test_missing_names_are_counted_and_listed() -> None:
    (text,) = missing_names(("AZURE_TOKEN", "HF_HOME"), ASK)
    assert "2 variables" in text
    assert "AZURE_TOKEN, HF_HOME" in text
    assert "--missing-env-ok" in text
    assert missing_names((), ASK) == []
    assert missing_names(("HF_HOME",), RunOptions(missing_env_ok=True)) == []


def test_changed_commands_wait_for_a_word() -> None:
    (text,) = undecided((TaskId("g/a"),), ASK)
    assert "g/a" in text
    assert "--keep" in text
    assert "--force" in text
    assert undecided((), ASK) == []
    assert undecided((TaskId("g/a"),), RunOptions(changed="keep")) == []


def left_out(name: str) -> Batch:
    batch = begun([task("p/one", needs=(name,)), "q/two"], [group("p"), group("q", parallel=0)])
    rows = all_rows(batch)
    tasks = {id_: replace(one, skipped=one.id == "q/two") for id_, one in rows.tasks.items()}
    return assemble(spec_of(batch), replace(rows, tasks=tasks))


def test_needs_that_nobody_asked_for_are_refused() -> None:
    for name in ("q/two", "q"):
        (text,) = unselected_needs(left_out(name))
        assert f"p/one needs {name}" in text
        assert "--ignore-needs" in text
    assert unselected_needs(begun(["g/a"])) == []


def test_what_the_operator_set_last_is_said() -> None:
    batch, _, _ = asked(begun(["g/a"]), Pause(group=GroupId("g")), 1)
    batch, _, _ = asked(batch, SetParallel(group=GroupId("g"), parallel=9), 2)
    assert standing(batch) == [
        "still paused: g (overnight resume GROUP)",
        "g runs 9 at once, as set last; the file says 4",
    ]


def test_what_limits_and_the_operator_left_of_knobs_is_said() -> None:
    spec = group(parallel_least=1, inner=InnerPolicy(knob="capsules", start=20))
    batch = after(begun(["g/a"], [spec]), (failed("g/a", 1, 5, ErrorClass.RATE_LIMIT), 5))
    batch, _, _ = asked(batch, SetParallel(group=GroupId("g"), parallel=6), 6)
    assert standing(batch) == [
        "g runs 2 at once, as limits allowed last; the file says 1..4",
        "g runs with capsules 6, as set last; the file says 20",
    ]
    batch, _, _ = asked(batch, SetParallel(group=GroupId("g"), parallel=20), 7)
    fixed = SetParallel(group=GroupId("g"), parallel=3, knob="parallel")
    batch, _, _ = asked(batch, fixed, 8)
    assert standing(batch) == ["g runs 3 at once, as set last; the file says 1..4"]
