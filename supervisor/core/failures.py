"""What failed, by class and then by similar cause, so that one look tells what to cure first."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from supervisor.core.board import TaskRow
from supervisor.core.masking import masked

FAILED = frozenset({"failed", "aborted"})
"""Phases that end a task without its success, and not by the operator's wish."""
_LONGEST = 300
"""So much of a cause is compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Tasks that failed in the same way, but for numbers and names."""

    key: str
    """The same as long as the failures are alike."""
    text: str
    """The cause of one of them, as it was written; empty: nothing tells."""
    rows: tuple[TaskRow, ...]
    """In the order of the batch file."""

    @property
    def first_at(self) -> float | None:
        """When the first of them ended (Unix seconds)."""
        return min(_ends(self.rows), default=None)

    @property
    def last_at(self) -> float | None:
        """When the last of them ended (Unix seconds)."""
        return max(_ends(self.rows), default=None)

    @property
    def attempts(self) -> int:
        """How many attempts all of them took."""
        return sum(row.attempt for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The failures of one class."""

    name: str
    """An error class, or ``aborted``."""
    causes: tuple[Cause, ...]
    """The most frequent first."""

    @property
    def rows(self) -> tuple[TaskRow, ...]:
        """Every task of the class."""
        return tuple(row for cause in self.causes for row in cause.rows)


def kinds(rows: Iterable[TaskRow]) -> tuple[Kind, ...]:
    """Return the failed ones of ``rows`` by class, the largest class first, ``aborted`` last."""
    found: dict[str, dict[str, list[TaskRow]]] = {}
    for row in rows:
        if row.phase in FAILED:
            name = "aborted" if row.phase == "aborted" else row.error_class or "unknown"
            alike = _alike((row.cause or "")[:_LONGEST])
            found.setdefault(name, {}).setdefault(alike, []).append(row)
    told = [Kind(name=name, causes=_causes(name, by_cause)) for name, by_cause in found.items()]
    # What was only not tried any more is a consequence of what stands above it.
    return tuple(sorted(told, key=lambda kind: (kind.name == "aborted", -len(kind.rows))))


def _causes(name: str, by_cause: dict[str, list[TaskRow]]) -> tuple[Cause, ...]:
    causes = [
        Cause(key=f"{name}\n{alike}", text=rows[0].cause or "", rows=tuple(rows))
        for alike, rows in by_cause.items()
    ]
    return tuple(sorted(causes, key=lambda cause: -len(cause.rows)))


@lru_cache(maxsize=4096)
def _alike(cause: str) -> str:
    return masked(cause)


def _ends(rows: Iterable[TaskRow]) -> list[float]:
    return [row.since for row in rows if row.since is not None]
