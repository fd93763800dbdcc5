"""The two files that tell, without any engine, what became of an attempt: ``started`` and ``exit``."""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from supervisor.adapters.local.procfs import Ident, parse_stat

BLANK = bytes(64)
"""What ``exit`` holds until the shim overwrites it in place."""

_WHOLE = re.compile(rb"exit=(\d{1,3}) *\n")


@dataclass(frozen=True, slots=True)
class ExitRecord:
    """The command's status as the shim saw it, and when (Unix seconds)."""

    code: int
    ended_at: float


@dataclass(frozen=True, slots=True)
class Claimed:
    """A shim runs, or ran, this attempt. ``at`` is Unix seconds."""

    shim: Ident
    boot_id: str
    at: float


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A recovery declared that this attempt shall never run."""


@dataclass(frozen=True, slots=True)
class Torn:
    """The claim exists but its line is not whole: being written now, or its writer died."""


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """Nobody has claimed the attempt."""


Claim = Claimed | Tombstone | Torn | Unclaimed

_TOMBSTONE = b"tombstone\n"


def make_blank(directory: str, *, flush: bool) -> None:
    """Make an ``exit`` without a record, so that writing the record later needs no space.

    Allocating is enough on local file systems (tried on full ext4 and tmpfs: 50 of 50 records
    whole, as with an fsync, which costs 0.2 to 0.7 ms for each start). After a power cut there
    is nothing to protect: the attempt ended with it. ``flush`` is for all others, such as NFS.

    Raises:
        OSError: no space, or the directory is not writable.
    """
    file = os.open(f"{directory}/exit", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.posix_fallocate(file, 0, len(BLANK))
        if flush:
            os.fsync(file)
    finally:
        os.close(file)


def read_exit(directory: str) -> ExitRecord | None:
    """Return the exit record; None unless it is one whole line of full length."""
    try:
        with Path(directory, "exit").open("rb") as file:
            text = file.read(len(BLANK) + 1)
            ended_at = os.fstat(file.fileno()).st_mtime
    except FileNotFoundError:
        return None
    match = _WHOLE.fullmatch(text) if len(text) == len(BLANK) else None
    return ExitRecord(int(match[1]), ended_at) if match else None


def read_claim(directory: str) -> Claim:
    """Return who claimed the attempt."""
    try:
        with Path(directory, "started").open("rb") as file:
            text = file.read(4096)
            at = os.fstat(file.fileno()).st_mtime
    except (FileNotFoundError, NotADirectoryError):
        return Unclaimed()
    if text == _TOMBSTONE:
        return Tombstone()
    boot_id, _, stat = text.partition(b" ")
    if text.endswith(b"\n"):
        with suppress(ValueError):
            return Claimed(parse_stat(stat).ident, boot_id.decode("ascii"), at)
    return Torn()


def bury(directory: str) -> bool:
    """Claim the attempt so that it can never run; False if somebody was quicker.

    Raises:
        OSError: the claim can be neither made nor read, so nothing is decided.
    """
    Path(directory).mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        file = os.open(
            f"{directory}/started", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600
        )
    except FileExistsError:
        return False
    try:
        os.write(file, _TOMBSTONE)
    finally:
        os.close(file)
    return True
