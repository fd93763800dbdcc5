"""``overnight edit``."""

from pathlib import Path

import pytest

from supervisor.cli import edit
from supervisor.core.intents import Edit, SetKnob
from supervisor.core.models import BatchSpec, GroupId, GroupSpec, TaskId, TaskSpec
from supervisor.core.options import RunOptions
from supervisor.engine.launch import write_launch
from tests.cli.conftest import Night


@pytest.mark.parametrize(
    ("words", "run"),
    [(("make all && ls",), "make all && ls"), (("python", "a b.py"), ("python", "a b.py"))],
)
async def test_the_command_after_the_dashes(
    night: Night, words: tuple[str, ...], run: str | tuple[str, ...]
) -> None:
    said = await night.overnight("edit", "g/b", "--", *words)
    assert (said.code, said.err) == (0, "")
    assert [intent for intent, _ in night.engine.wanted] == [Edit(task="g/b", run=run)]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "edit which task"),
        (("g", "--", "x"), "means 3 tasks"),
        (("g/b", "--"), "no command after --"),
        (("g/b",), "no terminal to edit on"),
    ],
)
async def test_wrong_words(night: Night, words: tuple[str, ...], message: str) -> None:
    said = await night.overnight("edit", *words)
    assert said.code == 1
    assert message in said.err
    assert not night.engine.wanted


async def test_a_knob(night: Night) -> None:
    said = await night.overnight("edit", "g/b", "g/c", "--set", "batch_size=32")
    assert (said.code, said.err) == (0, "")
    wanted = SetKnob(targets=("g/b", "g/c"), knob="batch_size", value=32)
    assert [intent for intent, _ in night.engine.wanted] == [wanted]


@pytest.mark.parametrize("words", [("batch_size",), ("=3",), ("n=x",), ("n=1", "--", "ls")])
async def test_wrong_words_for_a_knob(night: Night, words: tuple[str, ...]) -> None:
    said = await night.overnight("edit", "g/b", "--set", *words)
    assert said.code == 1
    assert "--set" in said.err
    assert not night.engine.wanted


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the person's editor a script."""
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\nsed -i s/old/new/ "$1"\n')
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(script))
    monkeypatch.setattr(edit, "on_terminal", lambda: True)
    return script


def stored(night: Night) -> None:
    """Leave the batch file's commands where the engine's launch leaves them."""
    group = GroupId("g")
    tasks = (
        TaskSpec(id=TaskId("g/b"), group=group, run="run old thing", cwd="/"),
        TaskSpec(id=TaskId("g/c"), group=group, run=("run", "the old"), cwd="/"),
    )
    write_launch(
        BatchSpec(
            name="night",
            directory=night.info.directory,
            source=night.info.source,
            groups=(GroupSpec(name=group),),
            tasks=tasks,
        ),
        RunOptions(),
    )


async def test_in_the_editor(night: Night, editor: Path) -> None:
    stored(night)
    assert (await night.overnight("edit", "g/b")).code == 0
    assert (await night.overnight("edit", "g/c")).code == 0
    assert [intent for intent, _ in night.engine.wanted] == [
        Edit(task="g/b", run="run new thing"),
        Edit(task="g/c", run=("run", "the new")),
    ]


@pytest.mark.parametrize(
    ("name", "task", "message"),
    [
        ("true", "g/b", "nothing was changed"),
        ("false", "g/b", "exited 1"),
        ("true", "g/a", "added later"),
    ],
)
async def test_an_editor_that_changes_nothing_or_fails(
    night: Night,
    editor: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    task: str,
    message: str,
) -> None:
    stored(night)
    monkeypatch.setenv("VISUAL", name)
    assert message in (await night.overnight("edit", task)).err
    assert not night.engine.wanted
