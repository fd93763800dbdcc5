"""What is wrong with a batch file, collected so that all of it can be told at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from supervisor.config.source import Document, Loc
from supervisor.ports import ConfigError


@dataclass(frozen=True, slots=True)
class Problems:
    """Faults of one document, each with its place; ``check`` raises them together."""

    document: Document
    found: dict[tuple[int, str], None] = field(default_factory=dict[tuple[int, str], None])

    def add(self, loc: Loc, message: str) -> None:
        """Note a fault at ``loc``; the same one twice counts once."""
        line = self.document.line(loc)
        where = dotted(loc)
        text = f"{where}: {message}" if where else message
        self.found[line, f"{self.document.name}:{line}: {text}"] = None

    def check(self) -> None:
        """Return if nothing is wrong.

        Raises:
            ConfigError: with every fault, in the file's order.
        """
        if self.found:
            raise ConfigError([text for _, text in sorted(self.found, key=lambda fault: fault[0])])


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


def as_keys(value: object) -> Mapping[str, object]:
    """Return ``value`` where it is a mapping, else no keys at all."""
    return value if isinstance(value, dict) else {}
