"""A later attempt goes on as its runner can, or begins as the first did."""

from dataclasses import replace

import pytest

from supervisor.core.batch import Task
from supervisor.core.command import render
from supervisor.core.models import AttemptRecord, GroupId, ResultsSeen, TaskId, TaskSpec
from supervisor.core.resuming import known_names, names_of, resume_names, resume_text
from supervisor.core.runners import Option, RunnerProfile

INSPECT = RunnerProfile(
    name="inspect",
    commands=(r"^(?P<inspect>[^;|&<>]*?\binspect)\s+eval\s[^;|&<>]*$", r"\binspect\s+eval\b"),
    resume="{inspect} eval-retry {log}",
)
HAL = RunnerProfile(
    name="hal", commands=("hal-eval",), resume="{command} --continue_run --run_id {run_id}"
)


RECORD = AttemptRecord(
    attempt=1,
    started_at=0,
    ended_at=1,
    code=0,
    error_class=None,
    cause="",
    counted=False,
    decision="",
)


def test_the_words_around_the_program_stay() -> None:
    text = resume_text(INSPECT, "K=1 uv run inspect eval a.py --model m \n", {"log": "l/a b.eval"})
    assert text == "K=1 uv run inspect eval-retry 'l/a b.eval'"


@pytest.mark.parametrize(
    ("profile", "command", "names"),
    [
        (RunnerProfile(name="x"), "x", {"log": "y"}),
        (INSPECT, "inspect eval a.py", {}),
        (INSPECT, "inspect eval a.py", {"log": ""}),
        (INSPECT, "cd x && inspect eval a.py | tee log", {"log": "y"}),
        (INSPECT, "other", {"log": "y"}),
    ],
)
def test_without_all_it_needs_it_begins_as_the_first(
    profile: RunnerProfile, command: str, names: dict[str, str]
) -> None:
    assert resume_text(profile, command, names) is None


def test_values_are_words_whatever_they_hold() -> None:
    names = {"run_id": "a; rm -rf {command} $HOME"}
    text = resume_text(HAL, "hal-eval --x '{run_id}'", names)
    assert text == ("hal-eval --x '{run_id}' --continue_run --run_id 'a; rm -rf {command} $HOME'")


def test_names_come_from_the_newest_results() -> None:
    record = replace(RECORD, names=names_of(ResultsSeen(path="a.eval", names={"run_id": "7"})))
    later = replace(record, attempt=2, names=names_of(ResultsSeen()))
    task = Task(id=TaskId("g/a"), history=(record, later))
    assert known_names(task) == {"log": "a.eval", "run_id": "7"}
    assert names_of(None) == {}
    assert known_names(Task(id=TaskId("g/a"))) == {}


def test_options_of_the_command_fill_in_what_results_do_not_tell() -> None:
    profile = replace(
        HAL,
        options={
            "log_dir": Option(flags=("--log-dir",), env="LOGS", default="logs"),
            "run_id": Option(flags=("--run_id",), default="*"),
        },
    )
    task = Task(id=TaskId("g/a"))
    assert resume_names(profile, task, "x", {}) == {}, "nothing was found yet"
    told = replace(task, history=(replace(RECORD, names={"log": "a"}),))
    assert resume_names(profile, told, "x", {"LOGS": "there"}) == {"log": "a", "log_dir": "there"}
    assert resume_names(profile, told, "x --run_id 7", {})["run_id"] == "7"
    assert resume_names(replace(profile, resume=None), told, "x", {}) == {}


SPEC = TaskSpec(
    id=TaskId("g/a"),
    group=GroupId("g"),
    run="inspect eval {file} --model m",
    params={"file": "my task.py"},
    cwd="/",
    setup="echo {file}",
)


def argv(
    attempt: int, spec: TaskSpec = SPEC, names: dict[str, str] | None = None
) -> tuple[str, ...]:
    return render(
        spec,
        shell=("sh", "-c"),
        attempt=attempt,
        slot=1,
        task_dir="/t",
        profile=INSPECT,
        names={"log": "x.eval"} if names is None else names,
    ).argv


def test_only_attempts_after_the_first_go_on() -> None:
    assert argv(1)[-1].endswith("inspect eval 'my task.py' --model m")
    assert argv(2)[-1].endswith("inspect eval-retry x.eval")
    assert argv(2)[-1].startswith("{ echo 'my task.py'\n}")
    assert argv(2, names={})[-1].endswith("inspect eval 'my task.py' --model m")


def test_what_the_batch_file_says_comes_first() -> None:
    assert argv(2, replace(SPEC, resume="again {file}"))[-1].endswith("again 'my task.py'")


def test_a_list_of_words_goes_on_in_the_shell() -> None:
    spec = replace(SPEC, run=("inspect", "eval", "{file}"), setup=None)
    assert argv(1, spec) == ("inspect", "eval", "my task.py")
    assert argv(2, spec) == ("sh", "-c", "inspect eval-retry x.eval")
