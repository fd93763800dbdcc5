"""Tells processes that work from those that only keep a container open."""

import re
from collections.abc import Sequence
from pathlib import PurePath

INITS = frozenset({"tini", "docker-init", "dumb-init", "catatonit", "init", "conmon"})
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "busybox"})
_ENDLESS = re.compile(
    r"\s*(?:trap\b[^;]*;\s*)*(?:exec\s+)?"
    r"(?:tail(?:\s+-\S+|\s+\d+)*\s+-[fF]\b[^;&|\n]*|sleep\s[^;&|\n]*|cat|read\b[^;&|\n]*"
    r"|while\s+(?:true|:|\[\s*1\s*\])\s*;\s*do\s+sleep\s[^;&|\n]*;\s*done"
    r"|while\s+sleep\s[^;&|\n]*;\s*do\s+(?:true|:)\s*;\s*done)[\s;]*"
)
"""What follows ``sh -c``: all of it is waiting."""


def is_init(words: Sequence[str]) -> bool:
    """Return whether a command line is an init that only minds its child."""
    return bool(words) and PurePath(words[0]).name in INITS


def is_sleeper(words: Sequence[str]) -> bool:
    """Return whether a command line does nothing but wait, so that others can ``exec`` into it."""
    if not words:
        return False
    name, rest = PurePath(words[0]).name.removeprefix("-"), list(words[1:])
    if name == "busybox" and rest:
        name, rest = rest[0], rest[1:]
    if name in INITS:
        return is_sleeper(rest[rest.index("--") + 1 :] if "--" in rest else rest)
    if name in {"sleep", "pause"}:
        return True
    if name == "tail":
        return any(word.startswith("-") and word[1:2] in {"f", "F"} for word in rest)
    if name == "cat":
        return not rest
    if name not in _SHELLS:
        return False
    # A shell that was given nothing to do waits for words from outside.
    said = [word for word in rest if not word.startswith("-")]
    return not said or (len(rest) > len(said) and _ENDLESS.fullmatch(said[0]) is not None)
