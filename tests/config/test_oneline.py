"""Command lines as batches: the same words arrive, under names that last."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervisor.config.load import load
from supervisor.config.names import digest
from supervisor.config.oneline import (
    Inputs,
    OneLine,
    add_to_adhoc,
    command_line,
    command_list,
    exported,
    write,
)
from supervisor.core.command import render
from supervisor.core.models import BatchSpec
from supervisor.ports import ConfigError
from tests.config.conftest import NOW

LETTERS = Inputs(values=("a", "b c"))
ORIGIN = "f.py --fast '{arg}'"
DIGITS = Inputs(values=("1", "2"))


def written(one: OneLine, folder: Path, **options: object) -> BatchSpec:
    settings: dict[str, object] = {"parallel": None, "name": None} | options
    return load(write(one, folder, **settings), env={"PATH": "/bin"}, now=NOW)  # type: ignore[arg-type]


def arguments(spec: BatchSpec) -> list[tuple[str, ...]]:
    return [
        render(task, shell=("sh", "-c"), attempt=1, slot=1, task_dir="/t").argv
        for task in spec.tasks
    ]


def test_one_command(tmp_path: Path) -> None:
    spec = written(command_line(["python", "train.py", "--name", "a b"]), tmp_path)
    assert spec.name == "train"
    assert spec.directory == str(tmp_path / ".overnight/train")
    assert [task.id for task in spec.tasks] == ["train/python-train.py-name-a-b"]
    assert spec.tasks[0].cwd == str(tmp_path)
    assert arguments(spec) == [("python", "train.py", "--name", "a b")]


def test_values_in_turn(tmp_path: Path) -> None:
    spec = written(command_line(["eval.py", "--id", "{}"], [LETTERS]), tmp_path, parallel=8)
    assert spec.parallel == 8
    assert [task.id for task in spec.tasks] == ["eval/a", "eval/b-c"]
    assert arguments(spec) == [("eval.py", "--id", "a"), ("eval.py", "--id", "b c")]


@pytest.mark.parametrize(
    ("words", "inputs", "runs"),
    [
        (["f"], [LETTERS], [("f", "a"), ("f", "b c")]),
        (["f", "x{}y"], [LETTERS], [("f", "xay"), ("f", "xb cy")]),
        (["f", "{2}", "{1}"], [DIGITS, LETTERS], [("f", "a", "1"), ("f", "b c", "1"),
                                                  ("f", "a", "2"), ("f", "b c", "2")]),
        (["f"], [DIGITS, DIGITS], [("f", "1", "1"), ("f", "1", "2"),
                                   ("f", "2", "1"), ("f", "2", "2")]),
        (["f", "{}", "{%}"], [DIGITS], [("f", "1", "1"), ("f", "2", "1")]),
        (["f {} | g"], [LETTERS], [("sh", "-c", "f a | g"), ("sh", "-c", "f 'b c' | g")]),
        (["f; g"], [DIGITS], [("sh", "-c", "f; g 1"), ("sh", "-c", "f; g 2")]),
        (["f", "x y", ">", "{}.log"], [LETTERS], [("sh", "-c", "f 'x y' > a.log"),
                                                  ("sh", "-c", "f 'x y' > 'b c'.log")]),
        (["A=b c", "f", "{}"], [DIGITS], [("sh", "-c", "A='b c' f 1"), ("sh", "-c", "A='b c' f 2")]),
        (["f", "{}", "", "&&", "g"], [DIGITS], [("sh", "-c", "f 1 '' && g"),
                                                ("sh", "-c", "f 2 '' && g")]),
        (["f", "{}", '{"a": 1}'], [], [("f", "{}", '{"a": 1}')]),
        (["find", ".", "-exec", "rm", "{}", "+"], [], [("find", ".", "-exec", "rm", "{}", "+")]),
    ],
)  # fmt: skip
def test_commands(
    tmp_path: Path, words: list[str], inputs: list[Inputs], runs: list[tuple[str, ...]]
) -> None:
    assert arguments(written(command_line(words, inputs), tmp_path)) == runs


def test_values_from_a_file_are_read_when_the_batch_is(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("0504157\n")
    one = command_line(["f", "{}"], [Inputs(lines=str(tmp_path / "ids.txt"))])
    path = write(one, tmp_path, parallel=None, name=None)
    (tmp_path / "ids.txt").write_text("0504157\n0921079\n")
    spec = load(path, env={}, now=NOW)
    assert [task.id for task in spec.tasks] == ["f/0504157", "f/0921079"]


@pytest.mark.parametrize(
    ("words", "inputs", "message"),
    [
        ([], [], "no command after --; write: overnight run -- python train.py"),
        ([" "], [], "no command after --; write: overnight run -- python train.py"),
        (["f", "{3}"], [DIGITS, DIGITS], "{3} has no values: there are 2 lists after :::"),
        (["f", "{.}"], [DIGITS], "{.} is not supported; {}, {1}, {%} and {task} are"),
        (["f", "{#}"], [DIGITS], "{#} is not supported; {}, {1}, {%} and {task} are"),
    ],
)
def test_faults(words: list[str], inputs: list[Inputs], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        command_line(words, inputs)
    assert error.value.problems == (message,)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["python3.11", "-u", "scripts/eval_all.py"], "eval_all"),
        (["uv", "run", "train.py"], "train"),
        (["A=1", "bash", "run.sh"], "run"),
        (["cd x && ./go.sh"], "cd"),
        (["echo 'open"], "echo"),
        (["sh", "-c", "echo $0; true"], "echo"),
        (["A=1"], "A=1"),
        (["python"], "python"),
        (["hal-eval", "--x"], "hal-eval"),
    ],
)
def test_a_batch_is_called_after_its_program(words: list[str], name: str) -> None:
    assert command_line(words).name == name


COMMANDS = """\
# the night
python a.py --x 1 | tee o

python b.py \\
  --long
echo '{task}' {nothing}
"""


def test_a_list_of_commands(tmp_path: Path) -> None:
    spec = written(command_list(COMMANDS, "lists/cmds.txt"), tmp_path)
    assert spec.name == "cmds"
    assert [task.id for task in spec.tasks] == [
        "cmds/python-a.py-x-1-tee-o",
        "cmds/python-b.py-long",
        "cmds/echo-task-nothing",
    ]
    assert [argv[-1] for argv in arguments(spec)] == [
        "python a.py --x 1 | tee o",
        "python b.py \\\n  --long",
        "echo 'cmds/echo-task-nothing' {nothing}",
    ]


def test_reordering_a_list_changes_no_id(tmp_path: Path) -> None:
    lines = ["f a b", "f a-b", "g"]
    one = written(command_list("\n".join(lines), "x"), tmp_path)
    two = written(command_list("\n".join(reversed(lines)), "x"), tmp_path)
    assert {task.id: task.run for task in one.tasks} == {task.id: task.run for task in two.tasks}


def test_faults_of_lists() -> None:
    with pytest.raises(ConfigError) as error:
        command_list("f a\ng\nf a\n", "c.txt")
    assert error.value.problems == (
        "c.txt:3: the same command as in line 1; let the two differ, for example by a comment at"
        " the end",
    )
    with pytest.raises(ConfigError, match=r"^c\.txt: no commands$"):
        command_list("# nothing\n\n", "c.txt")


def test_an_unfinished_last_line_is_a_command() -> None:
    assert command_list("f\ng \\", "-").work["tasks"] == [
        {"id": "f", "run": "f"},
        {"id": "g", "run": "g \\"},
    ]


def test_the_same_command_line_is_the_same_batch(tmp_path: Path) -> None:
    one = command_line(["f.py", "{}"], [LETTERS])
    more = command_line(["f.py", "{}"], [Inputs(values=("a", "b c", "d"))])
    other = command_line(["f.py", "--fast", "{}"], [LETTERS])
    assert written(one, tmp_path).name == "f"
    assert written(more, tmp_path).name == "f"
    assert written(other, tmp_path).name == f"f-{digest(ORIGIN)}"
    assert written(other, tmp_path).name == f"f-{digest(ORIGIN)}"
    assert written(other, tmp_path, name="f").name == "f"


def test_files_are_private(tmp_path: Path) -> None:
    path = write(command_line(["f"]), tmp_path, parallel=2, name=None)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["batch.yaml"]


def test_tasks_are_added_to_adhoc(tmp_path: Path) -> None:
    add_to_adhoc(tmp_path, "evals", {"id": "a", "run": ["f", "x"]})
    add_to_adhoc(tmp_path, "evals", {"id": "b", "run": "g | h", "needs": ["evals/a"]})
    path = add_to_adhoc(tmp_path, "adhoc", {"id": "c", "run": "i"})
    spec = load(path, env={}, now=NOW)
    assert spec.directory == str(tmp_path / ".overnight/adhoc")
    assert [task.id for task in spec.tasks] == ["evals/a", "evals/b", "adhoc/c"]
    assert spec.tasks[1].needs == ("evals/a",)


def test_a_task_is_added_to_adhoc_once(tmp_path: Path) -> None:
    add_to_adhoc(tmp_path, "g", {"id": "a", "run": "f"})
    path = add_to_adhoc(tmp_path, "g", {"id": "a", "run": "f"})
    assert len(load(path, env={}, now=NOW).tasks) == 1
    with pytest.raises(ConfigError, match=r"g/a is another task; choose one with --id$"):
        add_to_adhoc(tmp_path, "g", {"id": "a", "run": "other"})


def test_an_export_means_the_same(tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    path = write(command_line(["f", "{}"], [LETTERS]), tmp_path, parallel=3, name=None)
    original = load(path, env={}, now=NOW)
    for folder in (tmp_path, tmp_path / "else"):
        saved = folder / "saved.yaml"
        saved.write_text(exported(path, folder))
        copy = load(saved, env={}, now=NOW)
        assert (copy.tasks, copy.groups, copy.parallel) == (original.tasks, original.groups, 3)
    assert exported(path, tmp_path).startswith("batch: f\nparallel: 3\n")
    with pytest.raises(ConfigError, match="cannot read it"):
        exported(tmp_path / "no.yaml", tmp_path)


def test_long_lists_of_values_stay_readable(tmp_path: Path) -> None:
    values = tuple(f"{n:07}" for n in range(2_000))
    one = command_line(["f", "{}"], [Inputs(values=values)])
    path = write(one, tmp_path, parallel=None, name=None)
    assert len(load(path, env={}, now=NOW).tasks) == 2_000
    assert max(map(len, path.read_text().splitlines())) < 100


TEXT = st.text(st.characters(exclude_characters="\0{}", exclude_categories=["Cs"]), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(words=st.lists(TEXT, min_size=2, max_size=4), values=st.lists(TEXT, min_size=1, unique=True))
def test_any_words_arrive(tmp_path: Path, words: list[str], values: list[str]) -> None:
    words[0] = f"f{words[0]}".replace("=", "")
    words = [f"{word}." if word in ("|", ">", "<", "&", ";") else word for word in words]
    one = command_line([*words, "{}"], [Inputs(values=tuple(values))])
    assert arguments(written(one, tmp_path, name="t")) == [(*words, value) for value in values]
