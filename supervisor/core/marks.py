r"""What a runner says of itself, line by line: JSON, or words ``key=value``, in a file or on stdout.

``@overnight {"done": 3, "total": 10, "item": "q4"}`` and ``@overnight done=3 total=10 item="q4"``
say the same; in the file of marks the first word may be left out. What the keys mean:

- ``done``, ``total``, ``errors``: items that are well, that there are (0: nobody knows), that failed;
- ``item``: the one at work; ``failed`` with ``class`` and ``error``: one that failed; ``ok``: one that
  had failed and is well now;
- ``waiting`` with ``until`` (Unix seconds) and ``class``: why it waits for a limit; ``null`` or nothing:
  it goes on;
- ``tokens_in``, ``tokens_out``, ``requests``, ``cost`` (US dollars): used since the process began.

Anything else is ignored. What a line says is wrong, as a whole, when one of these values is.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from supervisor.core.patterns import Pattern

WORD = "@overnight"
"""The first word of a mark on stdout."""
LONGEST = 16 * 1024
"""Characters of a line; a longer one is no mark."""
FARTHEST_S = 31 * 86400.0
"""Nothing is waited for longer."""

_MOST = 1 << 53
_PAIR = Pattern(r"([a-z_]+)=(\"(?:[^\"\\]|\\.)*\"|[^\s\"]*)(?:\s+|$)")
_ESCAPED = re.compile(r"\\(.)")
_KIND = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one line says; None: nothing about that."""

    done: int | None = None
    total: int | None = None
    errors: int | None = None
    item: str | None = None
    failed: str | None = None
    ok: str | None = None
    kind: str = ""
    """Class of ``failed`` or ``waiting``, as the runner calls it."""
    error: str = ""
    waiting: str | None = None
    """Why it waits; empty: it does not."""
    until: float = 0.0
    tokens_in: int | None = None
    tokens_out: int | None = None
    requests: int | None = None
    cost: float | None = None


def mark(line: str) -> Mark | None:
    """Return what a line of marks says, with or without its first word; None: it is malformed."""
    text = line.strip()
    if text.startswith(WORD):
        text = text[len(WORD) :].lstrip()
    if not text or len(text) > LONGEST:
        return None
    fields = _of_json(text) if text[0] == "{" else _of_words(text)
    if fields is None:
        return None
    try:
        return _mark(fields)
    except (ValueError, OverflowError):
        return None


def _of_json(text: str) -> Mapping[str, object] | None:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _of_words(text: str) -> Mapping[str, object] | None:
    found: dict[str, object] = {}
    at = 0
    while at < len(text):
        pair = _PAIR.match(text, at)
        if pair is None:
            return None
        key, value = pair[1], pair[2]
        found[key] = _ESCAPED.sub(r"\1", value[1:-1]) if value[:1] == '"' else value
        at = pair.end()
    return found


def _mark(fields: Mapping[str, object]) -> Mark | None:
    done, total = _count(fields, "done"), _count(fields, "total")
    if done is not None and total and done > total:
        return None
    waiting = (fields["waiting"] or "") if "waiting" in fields else None
    if waiting is not None and not isinstance(waiting, str):
        return None
    found = Mark(
        done=done,
        total=total,
        errors=_count(fields, "errors"),
        item=_text(fields, "item"),
        failed=_text(fields, "failed"),
        ok=_text(fields, "ok"),
        kind=_kind(fields),
        error=_text(fields, "error") or "",
        waiting=waiting,
        until=_number(fields, "until") or 0.0,
        tokens_in=_count(fields, "tokens_in"),
        tokens_out=_count(fields, "tokens_out"),
        requests=_count(fields, "requests"),
        cost=_number(fields, "cost"),
    )
    if found.waiting and not found.until:
        return None
    return None if found == _NOTHING else found


_NOTHING = Mark()


def _count(fields: Mapping[str, object], name: str) -> int | None:
    number = _number(fields, name)
    if number is None:
        return None
    if number != int(number) or number > _MOST:
        raise ValueError(name)
    return int(number)


def _number(fields: Mapping[str, object], name: str) -> float | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(name)
    if not math.isfinite(value) or value < 0:
        raise ValueError(name)
    return value


def _text(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(name)
    return str(value)


def _kind(fields: Mapping[str, object]) -> str:
    kind = _text(fields, "class") or ""
    return kind if _KIND.fullmatch(kind) else ""
