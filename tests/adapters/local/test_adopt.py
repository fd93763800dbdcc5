"""What the files of an attempt tell."""

import errno
import os
import subprocess
from pathlib import Path

import pytest

from supervisor.adapters.local.adopt import (
    Finished,
    Headless,
    Living,
    Lost,
    Undecided,
    judge,
    leaves_leftovers,
)
from supervisor.adapters.local.procfs import boot_id
from supervisor.adapters.local.records import Tombstone, Unclaimed, make_blank, read_claim


def claim(directory: Path, pid: int, *, boot: str | None = None, start: int | None = None) -> None:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split(" ")
    if start is not None:
        fields[21] = str(start)
    (directory / "started").write_text(f"{boot or boot_id()} {' '.join(fields)}", encoding="ascii")


def record(directory: Path, code: int) -> None:
    (directory / "exit").write_bytes(f"exit={code}".encode().ljust(63) + b"\n")


def test_what_nobody_claimed_may_still_begin(tmp_path: Path) -> None:
    make_blank(str(tmp_path), flush=False)
    judgement = judge(str(tmp_path))
    assert isinstance(judgement, Undecided)
    assert judgement.unwritten
    assert read_claim(str(tmp_path)) == Unclaimed()


@pytest.mark.parametrize("prepared", [True, False])
def test_what_nobody_can_begin_is_buried(tmp_path: Path, prepared: bool) -> None:
    directory = tmp_path / "attempt-1"
    if prepared:
        directory.mkdir()
    assert isinstance(judge(str(directory), alone=True), Lost)
    assert read_claim(str(directory)) == Tombstone()
    assert isinstance(judge(str(directory)), Lost)


def test_a_running_shim_lives(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "100"]) as shim:
        claim(tmp_path, shim.pid)
        judgement = judge(str(tmp_path))
        shim.kill()
    assert isinstance(judgement, Living)
    assert judgement.claim.shim.pid == shim.pid


def test_a_record_tells_code_and_time(tmp_path: Path) -> None:
    claim(tmp_path, os.getpid(), start=1)
    record(tmp_path, 4)
    os.utime(tmp_path / "exit", (500.0, 500.0))
    judgement = judge(str(tmp_path))
    assert isinstance(judgement, Finished)
    assert (judgement.code, judgement.ended_at) == (4, 500.0)
    assert judgement.claim is not None


def test_a_shim_without_a_record_is_not_yet_lost(tmp_path: Path) -> None:
    claim(tmp_path, os.getpid(), start=1)
    make_blank(str(tmp_path), flush=False)
    assert isinstance(judge(str(tmp_path)), Headless)


def test_nothing_lives_through_a_reboot(tmp_path: Path) -> None:
    """The same pid with the same start time may well exist again."""
    claim(tmp_path, os.getpid(), boot="another-boot")
    assert isinstance(judge(str(tmp_path)), Lost)
    record(tmp_path, 0)
    judgement = judge(str(tmp_path))
    assert isinstance(judgement, Finished)
    assert judgement.claim is None


def test_a_torn_claim_is_asked_again(tmp_path: Path) -> None:
    (tmp_path / "started").touch()
    judgement = judge(str(tmp_path))
    assert isinstance(judgement, Undecided)
    assert judgement.unwritten
    assert isinstance(judge(str(tmp_path), alone=True), Lost)
    record(tmp_path, 2)
    assert isinstance(judge(str(tmp_path)), Finished)


def test_what_cannot_be_read_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above all: no space for the tombstone is no proof that the attempt cannot run."""

    def refuse(*given: object, **named: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "open", refuse)
    judgement = judge(str(tmp_path), alone=True)
    assert judgement == Undecided(f"{tmp_path}: No space left on device")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"leave_leftovers": true}', True),
        ('{"leave_leftovers": false}', False),
        ("{}", False),
        ("[]", False),
        ('{"leave', False),
        (None, False),
    ],
)
def test_remembers_what_was_said_about_leftovers(
    tmp_path: Path, text: str | None, expected: bool
) -> None:
    if text is not None:
        (tmp_path / "spec.json").write_text(text, encoding="ascii")
    assert leaves_leftovers(str(tmp_path)) is expected
