"""What is wrong with a batch file, collected so that all of it can be told at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from supervisor.config.source import Document, Loc
from supervisor.ports import ConfigError

_MOST_SHOWN = 100
_SHAPING = frozenset({"run", "for", "id", "tasks", "groups", "cwd", "except"})
"""Keys at the top without which much else may look wrong."""


@dataclass(frozen=True, slots=True)
class Problems:
    """Faults of one document, each with its place; ``check`` raises them together."""

    document: Document
    found: dict[tuple[int, str], None] = field(default_factory=dict[tuple[int, str], None])
    spoiled: set[Loc] = field(default_factory=set[Loc])
    """Places that were left out because of a fault."""

    def add(self, loc: Loc, message: str) -> None:
        """Note a fault at ``loc``; the same one twice counts once."""
        line = self.document.line(loc)
        where = dotted(loc)
        joint = " " if message.startswith(("is ", "has ")) else ": "
        text = f"{where}{joint}{message}" if where else message
        self.found[line, f"{self.document.name}:{line}: {text}"] = None

    def spoil(self, loc: Loc, message: str) -> None:
        """Note a fault at ``loc``, whose value must be left out of everything that follows."""
        self.spoiled.add(loc)
        self.add(loc, message)

    def suspect(self, loc: Loc, message: str) -> None:
        """Note a fault at ``loc`` unless it may only follow from something left out."""
        if not any(_may_follow(loc, cause) for cause in self.spoiled):
            self.add(loc, message)

    def check(self) -> None:
        """Return if nothing is wrong.

        Raises:
            ConfigError: with every fault, in the file's order.
        """
        if self.found:
            texts = [text for _, text in sorted(self.found, key=lambda fault: fault[0])]
            more = len(texts) - _MOST_SHOWN
            raise ConfigError(texts[:_MOST_SHOWN] + ([f"… and {more} more"] if more > 0 else []))


def _may_follow(loc: Loc, cause: Loc) -> bool:
    inside, key = cause[:-1], cause[-1:]
    if not inside and key and key[0] not in _SHAPING:
        return False
    return loc[: len(inside)] == inside or cause[: len(loc)] == loc


def dotted(loc: Loc) -> str:
    """Return a place as people write it: ``groups.corebench.tasks[0].run``."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``, did you mean "X"?`` for the nearest of ``known``, or the empty string."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f', did you mean "{near[0]}"?' if near else ""


def listed(words: Iterable[str]) -> str:
    """Return words as an enumeration: ``a, b or c``."""
    *head, last = words
    return f"{', '.join(head)} or {last}" if head else last
