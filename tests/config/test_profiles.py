"""Runner profiles: what a file may say, which one a task gets, and how a fault is told."""

from pathlib import Path

import pytest

from supervisor.config.data import folders
from supervisor.config.effective import effective
from supervisor.config.profiles import load_profiles, read_profile
from supervisor.core.runners import GENERIC, Option, ResultsAt, RunnerProfile, SuccessSigns
from supervisor.ports import ConfigError
from tests.config.conftest import Loader, Refusals

WHOLE = """
name: mine
commands: 'my-runner'
options:
  out: {flags: [--out, -o], env: MY_OUT, default: results}
  run_id: {flags: --run-id}
success: {exit: [0, 3], files: "{out}/done.json", markers: [all done]}
results: {reader: hal, globs: ["{out}/*.jsonl"]}
resume: "{command} --resume {run_id}"
progress: '(\\d+)/(\\d+) done'
quiet: 20m
"""


def test_a_profile_says_all_there_is() -> None:
    assert read_profile(WHOLE, "x/other.yaml") == RunnerProfile(
        name="mine",
        commands=("my-runner",),
        options={
            "out": Option(flags=("--out", "-o"), env="MY_OUT", default="results"),
            "run_id": Option(flags=("--run-id",)),
        },
        success=SuccessSigns(exit=(0, 3), files=("{out}/done.json",), markers=("all done",)),
        results=ResultsAt(reader="hal", globs=("{out}/*.jsonl",)),
        resume="{command} --resume {run_id}",
        progress=r"(\d+)/(\d+) done",
        quiet_s=1200,
    )


def test_the_file_gives_the_name() -> None:
    assert read_profile("commands: [a, b]", "x/other.yaml") == RunnerProfile(
        name="other", commands=("a", "b")
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("commands: '('", "commands: '(' is no regular expression: "),
        ("progress: '\\d+'", "progress: expected a regular expression with two groups"),
        ("results: {reader: hall, globs: x}", "results.reader: is one of hal, inspect,"),
        ("results: {reader: hal}", "results.globs: is missing"),
        ("resum: x", 'resum: unknown key, did you mean "resume"?'),
        ("options: {a: {flag: x}}", "options.a.flag: unknown key"),
        ("- x", "a profile has keys such as name, commands"),
    ],
)
def test_faults_name_file_line_and_key(text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_profile(text, "p.yaml")
    assert error.value.problems[0].startswith(f"p.yaml:1: {problem}")


def test_the_users_own_come_first(tmp_path: Path) -> None:
    own, packaged = tmp_path / "own", tmp_path / "packaged"
    for folder, quiet in ((own, "1m"), (packaged, "2m")):
        folder.mkdir()
        (folder / "a.yaml").write_text(f"quiet: {quiet}\n")
    (packaged / "b.yaml").write_text("commands: b\n")
    (packaged / "generic.yaml").write_text("quiet: 3m\n")
    found = load_profiles((own, packaged))
    assert list(found) == ["a", "b", GENERIC]
    assert found["a"].quiet_s == 60
    assert found[GENERIC].quiet_s == 180


def test_faults_of_all_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("quiet: x\n")
    (tmp_path / "b.yaml").write_bytes(b"\xff")
    with pytest.raises(ConfigError) as error:
        load_profiles((tmp_path,))
    assert len(error.value.problems) == 2


def test_those_that_come_along_are_good() -> None:
    assert GENERIC in load_profiles(folders("configs/runners", {}))


def test_a_task_gets_its_profile_by_command_or_by_name(loaded: Loader, tmp_path: Path) -> None:
    home = tmp_path / "home" / "overnight" / "runners"
    home.mkdir(parents=True)
    (home / "mine.yaml").write_text("commands: '\\bmy-runner\\b'\nsuccess: {files: x.json}\n")
    env = {"PATH": "/bin", "XDG_CONFIG_HOME": str(tmp_path / "home")}
    spec = loaded(
        """
        groups:
          by_command: {run: "my-runner {a}", for: {a: ["1", "2"]}}
          by_value: {run: "{tool} go", for: {tool: [my-runner, true]}}
          by_list: {run: [my-runner, go]}
          by_name: {run: ./script, runner: mine, success: {exit: [3]}}
          plain: {run: my-runner, runner: generic}
        """,
        env=env,
    )
    names = {task.id: task.profile for task in spec.tasks}
    assert names == {
        "by_command/1": "mine",
        "by_command/2": "mine",
        "by_value/my-runner": "mine",
        "by_value/true": "generic",
        "by_list/my-runner-go": "mine",
        "by_name/script": "mine",
        "plain/my-runner": "generic",
    }
    assert [profile.name for profile in spec.profiles] == ["mine"]
    groups = effective(spec)["groups"]
    assert groups["by_name"]["success"] == {"exit": ["3"], "files": ["x.json"]}
    assert groups["by_value"]["runner"] == ["generic", "mine"]
    assert groups["by_value"]["success"] == {"exit": ["0"]}


def test_a_runner_nobody_knows(refusals: Refusals) -> None:
    (problem,) = refusals("run: x\nrunner: generik\n")
    assert problem == "night.yaml:2: runner: 'generik' is no profile, did you mean \"generic\"?"


def test_signs_of_success_in_the_batch_file(loaded: Loader) -> None:
    spec = loaded("run: x\nsuccess: {files: 'out/{task}.json', markers: [done, over]}\n")
    (group,) = spec.groups
    assert (group.success_exit, group.success_files, group.success_markers) == (
        None,
        ("out/{task}.json",),
        ("done", "over"),
    )
    assert effective(spec)["groups"]["night"]["success"]["markers"] == ["done", "over"]
