"""Decides from the files of an attempt what became of it; nobody's memory is needed."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from supervisor.adapters.local.procfs import boot_id, lives
from supervisor.adapters.local.records import (
    Claimed,
    Tombstone,
    Torn,
    Unclaimed,
    bury,
    read_claim,
    read_exit,
)


@dataclass(frozen=True, slots=True)
class Finished:
    """The shim recorded the end. ``claim`` is None if its line was not whole."""

    code: int
    ended_at: float
    claim: Claimed | None


@dataclass(frozen=True, slots=True)
class Living:
    """The shim runs."""

    claim: Claimed


@dataclass(frozen=True, slots=True)
class Headless:
    """The shim died without a record; its command may live on, and must be over before a retry."""

    claim: Claimed


@dataclass(frozen=True, slots=True)
class Lost:
    """There is no trace of an end, and the attempt can never run again."""

    cause: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Nothing may be concluded yet; ask again."""

    reason: str
    unwritten: bool = False
    """The claim is not there, or not whole: a shim may be about to write it, if one lives."""


Judgement = Finished | Living | Headless | Lost | Undecided


def judge(directory: str, *, alone: bool = False) -> Judgement:
    """Say what became of an attempt.

    One without a claim is undecided unless the caller is ``alone``: it found the claim missing
    before, then looked, and no process carries the attempt's mark. Then it is buried, and lost.
    """
    try:
        return _judge(directory, alone=alone)
    except OSError as error:
        return Undecided(f"{directory}: {error.strerror}")


def leaves_leftovers(directory: str) -> bool:
    """Return what the attempt was told about processes that outlive their command."""
    with suppress(OSError, ValueError, AttributeError):
        spec = json.loads(Path(directory, "spec.json").read_bytes())
        return spec.get("leave_leftovers") is True
    return False


def _judge(directory: str, *, alone: bool) -> Judgement:
    claim = read_claim(directory)
    if alone and isinstance(claim, Unclaimed) and not bury(directory):
        claim = read_claim(directory)
    match claim:
        case Claimed():
            return _judge_claimed(directory, claim)
        case Torn() if record := read_exit(directory):
            return Finished(record.code, record.ended_at, None)
        case Torn() | Unclaimed() if not alone:
            return Undecided(f"{directory}/started is not written", unwritten=True)
        case Tombstone() | Torn() | Unclaimed():
            return Lost("the engine died before the command began")


def _judge_claimed(directory: str, claim: Claimed) -> Judgement:
    here = claim.boot_id == boot_id()
    # Asked before the record is read: a shim that ends in between has written it by then.
    if here and lives(claim.shim):
        return Living(claim)
    record = read_exit(directory)
    if record:
        return Finished(record.code, record.ended_at, claim if here else None)
    if not here:
        return Lost("the machine was restarted while it ran")
    return Headless(claim)
