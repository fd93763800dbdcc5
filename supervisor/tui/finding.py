"""A search through a log that goes on in the background: what was found, and how far it came."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from supervisor.ports import Hits

_LONGEST_NAME = 30
"""Of a search in the title: how much was found is to fit beside it."""


def asked_for(typed: str) -> tuple[str, bool]:
    """Return what to look for, and whether it is a pattern: ``/5\\d\\d/`` is one, words are not."""
    if len(typed) > 2 and typed[0] == typed[-1] == "/":
        return typed[1:-1], True
    return typed, False


@dataclass(slots=True)
class Finding:
    """One search. Lines are named by where they begin in the file."""

    text: str
    regex: bool
    lines: list[int] = field(default_factory=list[int])
    until: int = 0
    size: int = 0
    trouble: str = ""
    asked: bool = False
    """An answer is due; a second one from the same place would find every line twice."""

    def take(self, hits: Hits) -> None:
        """Take what one search found."""
        self.asked = False
        self.lines += hits.lines
        self.until, self.size, self.trouble = hits.until, hits.size, hits.trouble

    @property
    def complete(self) -> bool:
        """Whether all that the file had was looked at."""
        return bool(self.trouble) or self.until >= self.size

    def has(self, offset: int) -> bool:
        """Return whether the line that begins at ``offset`` was found."""
        return self.near(offset - 1, 1) == offset

    def near(self, offset: int, step: int) -> int | None:
        """Return the next line after ``offset`` (``step`` 1), or the one before it (-1)."""
        if step > 0:
            at = bisect_right(self.lines, offset)
            return self.lines[at] if at < len(self.lines) else None
        at = bisect_left(self.lines, offset)
        return self.lines[at - 1] if at else None

    def words(self, here: int | None) -> str:
        """Return how it stands, for the title; ``here`` is the line that is shown."""
        if self.trouble:
            return self.trouble
        count = len(self.lines)
        place = f"{bisect_left(self.lines, here) + 1} of " if here in self.lines else ""
        far = "" if self.complete else f", {self.until * 100 // max(1, self.size)} %"
        name = f"/{self.text}/" if self.regex else self.text
        if len(name) > _LONGEST_NAME:
            name = f"{name[: _LONGEST_NAME - 3]}..."
        return f"{name}: {place}{count or 'not'} found{far}"
