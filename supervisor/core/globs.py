"""Patterns of files with ``{names}`` in them: filled in, matched, and where their files lie at most."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from supervisor.core.quoting import substitute

_MAGIC = re.compile(r"[*?[]")
_ESCAPED = re.compile(r"\[([*?[])\]")
_ANY_NAME = "(?!\\.)[^/]*"


def literal(text: str) -> str:
    """Return ``text`` as a pattern that matches nothing but itself."""
    return _MAGIC.sub(lambda found: f"[{found[0]}]", text)


def filled_in(pattern: str, cwd: str, values: Mapping[str, str]) -> str:
    """Return the absolute pattern; ``{names}`` of ``values`` are replaced by what they stand for.

    What stands in a value is never a wildcard.
    """
    return _under(cwd, substitute(pattern, {name: literal(text) for name, text in values.items()}))


def opened(pattern: str, cwd: str, names: Iterable[str]) -> str:
    """Return the absolute pattern that matches for any values of ``names``."""
    return _under(cwd, substitute(pattern, dict.fromkeys(names, "*")))


def fixed_part(pattern: str) -> str:
    """Return the directory below which all that an absolute pattern matches must lie."""
    parts = pattern.split("/")
    plain = [_ESCAPED.sub(r"\1", part) for part in parts[:-1]]
    wild = (place for place, part in enumerate(parts) if _MAGIC.search(_ESCAPED.sub("", part)))
    return "/".join(plain[: next(wild, len(plain))]) or "/"


@lru_cache(maxsize=4096)
def matcher(pattern: str) -> re.Pattern[str]:
    """Return what fully matches the paths that ``pattern`` means, as ``glob`` would with ``**``.

    Wildcards match no name that begins with a dot; ``**`` alone means any number of directories.
    """
    *folders, last = pattern.split("/")
    text = "".join(
        f"(?:{_ANY_NAME}/)*" if folder == "**" else _part(folder) + "/" for folder in folders
    )
    return re.compile(text + (_ANY_NAME if last == "**" else _part(last)), re.DOTALL)


def _under(cwd: str, pattern: str) -> str:
    if pattern.startswith("/"):
        return pattern
    return f"{literal(cwd.rstrip('/'))}/{pattern.removeprefix('./')}"


def _part(part: str) -> str:
    """Return the regular expression of one name."""
    text = ""
    place = 0
    while place < len(part):
        char = part[place]
        end = part.find("]", place + 2) if char == "[" else -1
        if end > 0:
            text += _class(part[place + 1 : end])
            place = end + 1
            continue
        text += {"*": "[^/]*", "?": "[^/]"}.get(char) or re.escape(char)
        place += 1
    hidden = part.startswith((".", "[.")) or not _MAGIC.match(part)
    return text if hidden else "(?!\\.)" + text


def _class(inside: str) -> str:
    negated = inside.startswith("!")
    body = inside[negated:].replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
    return f"[{'^/' if negated else ''}{body}]"
