"""Needs with keys, such as ``{group: stage1, done: 90%}``, as the text that specs hold."""

import re
from collections.abc import Mapping

from supervisor.config.problems import listed, nearest
from supervisor.config.source import Plain

_KEYS = ("group", "task", "done", "when")
_SHARE = re.compile(r"(\d{1,3})%", re.ASCII)


def need_form(keys: Mapping[str, Plain]) -> str:
    """Return the text of a need that was written with keys; ``core.need`` reads it.

    Raises:
        ValueError: the keys make no need; the text says why.
    """
    for key, value in keys.items():
        if key not in _KEYS:
            near = nearest(key, _KEYS) or f"; known are {listed(_KEYS)}"
            raise ValueError(f"a need has no key {key!r}{near}")
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"expected text for {key}")
    named = [key for key in ("group", "task") if key in keys]
    if len(named) != 1:
        raise ValueError("a need with keys names a group or a task: {group: stage1, done: 90%}")
    (kind,) = named
    done, ended = _done(keys, kind), _ended(keys)
    return f"{{{kind}: {keys[kind]}{done}{ended}}}" if done or ended else str(keys[kind])


def _done(keys: Mapping[str, Plain], kind: str) -> str:
    if "done" not in keys:
        return ""
    if kind == "task":
        raise ValueError("done is a share of a group; a single task has none")
    found = _SHARE.fullmatch(str(keys["done"]))
    if found is None or not 1 <= int(found[1]) <= 100:
        raise ValueError(f"done is a share from 1% to 100%, not {keys['done']!r}")
    return f", done: {int(found[1])}%" if int(found[1]) < 100 else ""


def _ended(keys: Mapping[str, Plain]) -> str:
    if keys.get("when", "succeeded") not in ("succeeded", "ended"):
        raise ValueError(f"when is succeeded or ended, not {keys['when']!r}")
    return ", when: ended" if keys.get("when") == "ended" else ""
