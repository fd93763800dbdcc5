"""The words of ``run`` and ``add`` become a batch file, or tasks."""

import io
from pathlib import Path

import pytest

from supervisor.cli.commands import BY_NAME
from supervisor.cli.oneline import addition, batch_file, is_batch_file
from supervisor.cli.words import Args, CommandError, parsed
from supervisor.config.load import load
from supervisor.core.models import BatchSpec

NOW = 1_771_300_000.0


def words(command: str, *line: str) -> Args:
    return parsed(list(line), BY_NAME[command].flags, command)


def run(folder: Path, *line: str, stdin: str = "") -> BatchSpec:
    path = batch_file(words("run", *line), directory=folder, stdin=io.StringIO(stdin))
    return load(path, env={}, now=NOW)


def refusal(folder: Path, *line: str) -> str:
    with pytest.raises(CommandError) as error:
        run(folder, *line)
    return str(error.value).replace(str(folder), "DIR")


def test_values_after_three_colons(tmp_path: Path) -> None:
    spec = run(tmp_path, "-j8", "--", "python", "eval.py", "--id", "{}", ":::", "a", "b", "c")
    assert (spec.name, spec.parallel) == ("eval", 8)
    assert [task.id for task in spec.tasks] == ["eval/a", "eval/b", "eval/c"]


def test_values_from_files_and_stdin(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("1\n2\n")
    spec = run(tmp_path, "--", "f", "{1}", "{2}", "::::", "ids.txt", ":::", "x", "y")
    assert [task.id for task in spec.tasks] == ["f/1-x", "f/1-y", "f/2-x", "f/2-y"]
    spec = run(tmp_path, "--name", "other", "--", "f", "::::", "-", stdin="p\n\n q \n")
    assert [task.id for task in spec.tasks] == ["other/p", "other/q"]
    spec = run(tmp_path, "--name", "both", "--", "f", "::::", "ids.txt", "ids.txt")
    assert [task.id for task in spec.tasks] == ["both/1-1", "both/1-2", "both/2-1", "both/2-2"]


def test_lists_of_commands(tmp_path: Path) -> None:
    (tmp_path / "cmds.txt").write_text("f 1\n# no\n\ng 2\n")
    spec = run(tmp_path, "-j8", "cmds.txt")
    assert (spec.name, spec.parallel) == ("cmds", 8)
    assert [task.run for task in spec.tasks] == ["f 1", "g 2"]
    assert [task.run for task in run(tmp_path, "-", stdin="h\n").tasks] == ["h"]


def test_batch_files_are_taken_as_they_are(tmp_path: Path) -> None:
    for name in ("night.yaml", "night.YML", "night.batch"):
        (tmp_path / name).write_text("# x\nparallel: 3\nrun: f\n")
        args = words("run", name)
        assert batch_file(args, directory=tmp_path, stdin=io.StringIO()) == tmp_path / name


def test_what_is_a_batch_file(tmp_path: Path) -> None:
    file = tmp_path / "f"
    for text, expected in (
        ("run: x\n", True),
        ("a\ngroups:\n  g: {}\n", True),
        ("run x\n", False),
        ("  run: x\n", False),
        ("python run:x\n", False),
    ):
        file.write_text(text)
        assert is_batch_file(file) is expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ((), "run what? overnight run FILE, or overnight run -- COMMAND"),
        (
            ("python", "train.py"),
            "one file at a time, not 2; a command comes after --: overnight run -- python train.py",
        ),
        (("a.yaml", "--", "f"), "'a.yaml' and a command after --: give one of the two"),
        (("no.txt",), "DIR/no.txt: cannot read it: No such file or directory"),
        (
            ("program",),
            "DIR/program: is not text; to run a program, put -- before it: overnight run --"
            " DIR/program",
        ),
        (("--", "f", ":::"), "no values after :::"),
        (("--", "f", "::::", "no.txt"), "DIR/no.txt: cannot read it: No such file or directory"),
        (
            ("--", "f", ":::", "a", ":::+", "b"),
            ":::+ is not supported; use a batch file with for: {table: FILE}",
        ),
        (("-j", "x", "--", "f"), "--parallel wants a whole number, not 'x'"),
        (
            ("--name", "a/b", "--", "f"),
            "--name: 'a/b' is no name: no spaces around it, none of / * ? [ ] { }, not empty, not"
            " beginning with - : or ,",
        ),
    ],
)
def test_faults(tmp_path: Path, line: tuple[str, ...], message: str) -> None:
    (tmp_path / "program").write_bytes(b"\x7fELF\xff\xfe")
    assert refusal(tmp_path, *line) == message


def test_an_added_task(tmp_path: Path) -> None:
    line = (
        "-g",
        "evals",
        "--after",
        "evals/T",
        "--after",
        "prep",
        "--at",
        "06:00",
        "--",
        "f",
        "a b",
    )
    made = addition(
        words("add", *line), directory=tmp_path, stdin=io.StringIO(), now=NOW, zone="UTC"
    )
    (task,) = made.tasks
    assert (task.id, task.group, task.run) == ("evals/f-a-b", "evals", ("f", "a b"))
    assert task.needs == ("evals/T", "prep")
    assert task.limits == ("evals",)
    assert task.not_before == 1_771_308_000.0
    assert task.cwd == str(tmp_path)


def test_an_added_task_begins_adhoc(tmp_path: Path) -> None:
    args = words("add", "--id", "first", "--", "f x | g")
    made = addition(args, directory=tmp_path, stdin=io.StringIO(), now=NOW, zone=None)
    spec = load(made.into_adhoc(tmp_path), env={}, now=NOW)
    assert spec.name == "adhoc"
    assert spec.tasks[0].id == made.tasks[0].id == "adhoc/first"
    assert spec.tasks[0].run == made.tasks[0].run == "f x | g"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (("--", "f", ":::", "a"), "add takes one command; for ::: lists use run, or a batch file"),
        (("--at", "6am", "--", "f"), "--at: '6am' is no time of day: write it like 06:00"),
    ],
)
def test_faults_of_added_tasks(tmp_path: Path, line: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError) as error:
        addition(words("add", *line), directory=tmp_path, stdin=io.StringIO(), now=NOW, zone=None)
    assert str(error.value) == message
