"""What this machine lacks for a batch."""

from pathlib import Path

import pytest

from supervisor.config.checks import machine_problems
from tests.config.conftest import Loader

ENV = {"PATH": "/usr/bin:/bin"}
GIB = 1024**3


def found(loaded: Loader, text: str, free_bytes: int = 10 * GIB) -> list[str]:
    return machine_problems(loaded(text), env=ENV, free_bytes=lambda _path: free_bytes)


@pytest.mark.parametrize(
    ("run", "problem"),
    [
        ("[no-such-program, x]", "no-such-program is not on PATH"),
        ("no-such-program x | cat", "no-such-program is not on PATH"),
        ("A=b no-such-program", "no-such-program is not on PATH"),
        ("./no.sh", "./no.sh does not exist in DIR"),
        ("./plain", "./plain in DIR is not executable"),
        ("sh scripts/no.sh --x", "scripts/no.sh does not exist in DIR"),
        ('"{p} x"', "no-such-program is not on PATH"),
    ],
)
def test_missing_programs(loaded: Loader, tmp_path: Path, run: str, problem: str) -> None:
    (tmp_path / "plain").touch()
    text = f"run: {run}\nid: t\nfor: {{p: [no-such-program]}}"
    problems = [line.replace(str(tmp_path), "DIR") for line in found(loaded, text)]
    assert problems == [f"night/t: {problem}"]


@pytest.mark.parametrize(
    "run",
    [
        "[cat, x]",
        "for i in 1 2; do nothing $i; done",
        "$TOOL x",
        '"(no-such-program)"',
        "'echo \"open'",
        "sh {y}.sh",
        "sh -c no",
        "A=b",
        "sh ok.sh",
        "./ok.sh",
        "'[ -f x ] && no'",
    ],
)
def test_what_cannot_be_told_is_let_through(loaded: Loader, tmp_path: Path, run: str) -> None:
    (tmp_path / "ok.sh").touch(mode=0o755)
    assert found(loaded, f"run: {run}\nid: t\nfor: {{x: [a]}}") == []


def test_a_setup_may_bring_programs(loaded: Loader) -> None:
    assert found(loaded, "run: no-such-program\nsetup: . venv/bin/activate") == []


def test_the_path_of_a_task_counts(loaded: Loader, tmp_path: Path) -> None:
    (tmp_path / "tool").touch(mode=0o755)
    assert found(loaded, f"run: tool\nenv: {{PATH: {tmp_path}}}") == []


def test_directories_and_files(loaded: Loader, tmp_path: Path) -> None:
    assert found(
        loaded, "tasks: [{id: a, run: cat, cwd: no}, {id: b, run: cat, env_file: .env}]"
    ) == [
        f"night/a: cwd {tmp_path}/no is no directory",
        f"night/b: env_file {tmp_path}/.env does not exist",
    ]


def test_a_refresh_that_cannot_be(loaded: Loader) -> None:
    text = "run: cat\nlimits: {a: {refresh: {run: no-such-program}}, b: {refresh: {run: cat}}}"
    assert found(loaded, text) == ["limits.a.refresh: no-such-program is not on PATH"]
    text = "run: cat\nnotify: no-pager\nlimits: {a: {preflight: no-ping}}"
    assert found(loaded, text) == [
        "limits.a.preflight: no-ping is not on PATH",
        "notify: no-pager is not on PATH",
    ]


def test_a_fault_of_many_tasks_is_told_once(loaded: Loader) -> None:
    values = ", ".join(str(n) for n in range(500))
    assert len(found(loaded, f"run: no-such-program {{n}}\nfor: {{n: [{values}]}}")) == 1


def test_space(loaded: Loader, tmp_path: Path) -> None:
    text = "run: cat\ndisk_floor: 10GiB"
    assert found(loaded, text) == []
    assert found(loaded, text, free_bytes=GIB) == [
        f"disk_floor: {tmp_path} has 1.0 GiB free, below the floor of 10.0 GiB: nothing would be"
        " launched"
    ]


def test_a_command_for_the_inner_knob_must_be_there(loaded: Loader) -> None:
    inner = 'inner: {knob: k, start: 4, apply: {run: "no-such-program {n}"}}'
    assert found(loaded, f"run: cat x\n{inner}") == [
        "groups.night.inner.apply.run: no-such-program is not on PATH"
    ]
    assert found(loaded, f"run: cat x\nsetup: . venv/bin/activate\n{inner}") == []
    assert found(loaded, f"run: cat x\n{inner.replace('no-such-program', 'cat')}") == []
