"""The lines of a file of results, as values and back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from supervisor.kit.identity import plain

VERSION = 1
"""Of the file; a newer one is refused."""
_HEAD = b'{"kit":'

Record = Mapping[str, Any]

_encode = json.JSONEncoder(separators=(",", ":"), default=plain).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one item."""

    key: str
    result: Any = None
    """None where it failed."""
    error: str | None = None
    """Why it failed; None: it is done."""
    error_class: str = ""
    """In the supervisor's words, such as ``rate_limit``; empty where it is done."""
    trace: str = ""
    """The end of its traceback, where there was one."""
    of: str = ""
    """Hash of the item as it was; empty: nobody can tell."""


def line_of(record: Record) -> bytes:
    """Return a record as a line.

    Raises:
        TypeError: it holds what JSON does not have.
        ValueError: it holds itself.
    """
    return _encode(record).encode() + b"\n"


def record_in(line: bytes) -> Record | None:
    """Return the record in a line; None: it is torn, or none of ours."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    record = cast("dict[str, Any]", value)
    return record if "kit" in record or isinstance(record.get("item"), str) else None


def is_torn_head(line: bytes) -> bool:
    """Tell whether a line without an end is what a crash left of a new file's first line."""
    said = line.strip(b"\0")
    return said.startswith(_HEAD) or _HEAD.startswith(said)


def outcome_in(record: Record) -> Outcome:
    """Return the outcome that a record tells of."""
    told: object = record.get("error")
    of = str(record.get("of", ""))
    if not isinstance(told, dict):
        return Outcome(key=record["item"], result=record.get("result"), of=of)
    error = cast("dict[str, object]", told)
    return Outcome(
        key=record["item"],
        error=str(error.get("text", "")),
        error_class=str(error.get("class", "unknown")),
        trace=str(error.get("trace", "")),
        of=of,
    )
