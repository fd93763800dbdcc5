import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.core.containers import ContainerRow
from supervisor.core.models import TaskId
from supervisor.core.task_page import TaskPage
from supervisor.tui.app import OvernightApp
from supervisor.tui.shells import in_container, in_directory
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import flying

HERE = socket.gethostname()


def page(place: Path, **facts: object) -> TaskPage:
    known = TaskPage(
        task=TaskId("g/a"),
        as_of=1.0,
        cwd=str(place),
        directory=str(place),
        attempt_directory=f"{place}/attempt-2",
        host=HERE,
    )
    return replace(known, **facts)  # type: ignore[arg-type]


def program(folder: Path, name: str, script: str) -> Path:
    """Make a program of this name; return it."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_shell_begins_in_the_directory_of_the_attempt(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"attempt-{number}").mkdir()
    shell = program(tmp_path, "my shell", "pwd")

    def said(found: TaskPage, attempt: int | None) -> list[str]:
        words = in_directory(found, attempt, {"SHELL": str(shell)})
        done = subprocess.run(words, check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    assert said(page(tmp_path), None) == [
        "g/a, attempt directory; exit goes back to the screen",
        f"{tmp_path}/attempt-2",
    ]
    assert said(page(tmp_path), 1)[1] == f"{tmp_path}/attempt-1"
    assert said(page(tmp_path, attempt_directory=""), None)[1] == str(tmp_path)


def test_a_task_of_another_machine_or_without_its_directory_has_no_shell_here(
    tmp_path: Path,
) -> None:
    with pytest.raises(ValueError, match="runs on gpu-box-7, and this screen does not: use ssh"):
        in_directory(page(tmp_path, host="gpu-box-7"), None, {})
    with pytest.raises(ValueError, match="there is no "):
        in_directory(page(tmp_path), None, {})


def test_containers_are_entered_through_their_engines_command_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="neither docker nor podman is installed here"):
        in_container("c", {"PATH": str(tmp_path)})
    podman = program(tmp_path, "podman", "")
    assert in_container("c", {"PATH": str(tmp_path)})[:4] == [str(podman), "exec", "-it", "c"]
    docker = program(tmp_path, "docker", "")
    assert in_container("c", {"PATH": str(tmp_path)})[0] == str(docker)


class Lending(OvernightApp):
    """Has a terminal that can be lent."""

    def suspend(self) -> Iterator[None]:  # type: ignore[override]
        return nullcontext()  # type: ignore[return-value]


@contextmanager
def entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the file in which programs that are called docker or are a shell say how."""
    told = tmp_path / "told"
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    program(bin_, "docker", f'echo "$@" >> {told}; sleep 0.6; exit 126')
    monkeypatch.setenv("PATH", f"{bin_}:{os.environ['PATH']}")
    monkeypatch.setenv("SHELL", str(program(bin_, "shell", f"pwd >> {told}; sleep 0.6; exit 3")))
    yield told


async def test_e_opens_a_shell_where_the_task_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeEngine(
        board_of(row("g/a", "failed", attempt=2), row("g/b", "running", container="night-b-1"))
    )
    fake.pages["g/a"] = page(tmp_path)
    (tmp_path / "attempt-2").mkdir()
    with entered(tmp_path, monkeypatch) as told:
        async with flying(fake, kind=Lending) as flight:
            await flight.press("E")
            await until(lambda: told.exists() and told.read_text() == f"{tmp_path}/attempt-2\n")
            assert flight.app.said is None
            flight.overview.tasks.go_to(flight.overview.tasks.keys.index("g/b"))
            await flight.press("E")
            await until(lambda: "exec -it night-b-1 sh -c" in told.read_text())
            assert "docker ended with 126" in await flight.said()


async def test_e_enters_the_container_under_the_cursor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeEngine(board_of(row("g/a", "running")))
    with entered(tmp_path, monkeypatch) as told:
        async with flying(fake, kind=Lending) as flight:
            await fake.show_containers(ContainerRow(id="7" * 64, name="x", image="i"))
            await flight.press("2")
            await until(lambda: "Containers 1" in flight.text())
            await flight.press("E")
            await until(lambda: told.exists() and f"exec -it {'7' * 64} sh" in told.read_text())


async def test_what_keeps_a_shell_from_opening_is_said(tmp_path: Path) -> None:
    fake = FakeEngine(board_of(row("g/a", "failed", attempt=2)))
    fake.pages["g/a"] = page(tmp_path, host="gpu-box-7")
    async with flying(fake) as flight:
        await flight.press("E")
        assert "no shell: g/a runs on gpu-box-7" in await flight.said()
        (tmp_path / "attempt-2").mkdir()
        fake.pages["g/a"] = page(tmp_path)
        flight.app.said = None
        await flight.press("E")
        assert "cannot be lent to a shell" in await flight.said()
        fake.gone = True
        flight.app.said = None
        await flight.press("E")
        assert "no shell: the engine is gone" in await flight.said()
