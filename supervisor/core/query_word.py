"""One word of a query as it was typed: its alternatives, wildcards and quoted parts."""

import re
from dataclasses import dataclass

_CHUNK = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s"]+)', re.DOTALL)
_WILD = {"*": ".*", "?": "."}


class QueryError(ValueError):
    """What was typed is no query; ``at`` is the place, counted from 1, and ``why`` the way out."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(f"at {at}: {why}")
        self.at = at
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word; a comma that is not quoted parts alternatives, and empty ones are dropped."""

    text: str
    """Without the quotation marks."""
    patterns: tuple[tuple[str, bool], ...]
    """A regular expression for each alternative, and whether it has wildcards."""

    texts: tuple[str, ...]
    """The alternatives as they were typed, in lower case."""

    @property
    def wild(self) -> bool:
        """Whether any of them has wildcards."""
        return any(wild for _, wild in self.patterns)

    def pattern(self, *, whole: bool, whole_if_wild: bool) -> re.Pattern[str]:
        """Return what finds any alternative, regardless of case; ``whole``: as all of a text."""
        parts = [
            rf"\A(?:{one})\Z" if whole or (wild and whole_if_wild) else one
            for one, wild in self.patterns
        ]
        return re.compile("|".join(parts), re.IGNORECASE | re.DOTALL)


def read_word(text: str, at: int) -> tuple[Word, int]:
    """Return the word that begins at ``at`` (from 0) and where it ends; it may be empty.

    Raises:
        QueryError: a quotation mark has no second one.
    """
    several, texts, raw = [("", False)], [""], ""
    while at < len(text) and not text[at].isspace():
        found = _CHUNK.match(text, at)
        if found is None:
            raise QueryError(at + 1, "this quotation mark has no second one")
        at = found.end()
        if found[2] is None:
            chunk = re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)
            several[-1] = (several[-1][0] + re.escape(chunk), several[-1][1])
            texts[-1] += chunk
        else:
            chunk = found[2]
            parts = chunk.split(",")
            first, *others = [_bare(part) for part in parts]
            several[-1] = (several[-1][0] + first[0], several[-1][1] or first[1])
            several += others
            texts[-1] += parts[0]
            texts += parts[1:]
        raw += chunk
    patterns = tuple(one for one in several if one[0])
    return Word(text=raw, patterns=patterns, texts=tuple(one.lower() for one in texts if one)), at


def _bare(part: str) -> tuple[str, bool]:
    pattern = "".join(_WILD.get(char) or re.escape(char) for char in part)
    return pattern, any(char in part for char in _WILD)
