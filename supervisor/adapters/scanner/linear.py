"""Patterns that somebody else wrote: searched in linear time, or refused with the reason."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from supervisor.adapters.scanner.confirming import Span, linear_finder, re2_problem
from supervisor.adapters.scanner.portable import far_repeats, portable
from supervisor.core.rules import Rule, Searching, ignoring_case

_MOST_FAR_REPEATS = 1
"""Of ``re`` alone: two of them can take it a night for one line."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a pattern was found."""

    at: int

    def start(self) -> int:
        """Return the character at which the match begins."""
        return self.at


@dataclass(frozen=True, slots=True)
class LinearPattern:
    """A pattern that takes time in proportion to the line, whatever is in it."""

    span: Span

    def search(self, text: str, /) -> Found | None:
        """Return the first match in a line, or None."""
        line = text.encode("utf-8", "replace")
        found = self.span(line)
        return None if found is None else Found(len(line[: found[0]].decode("utf-8", "ignore")))


def searching_own(own: Collection[Rule]) -> Callable[[Rule, str], Searching]:
    """Return how a book searches: the operator's ``own`` rules in linear time, others by ``re``."""
    names = {rule.id for rule in own}

    def searching(rule: Rule, pattern: str) -> Searching:
        span = linear_finder(pattern) if rule.id in names else None
        return ignoring_case(rule, pattern) if span is None else LinearPattern(span)

    return searching


def refused(patterns: Iterable[str]) -> Mapping[str, str]:
    """Return which of ``patterns`` may not be used here, each with the reason and the way out."""
    patterns = tuple(dict.fromkeys(patterns))
    found = {pattern: reason for pattern in patterns if (reason := _slow(pattern)) is not None}
    rest = [pattern for pattern in patterns if pattern not in found]
    return found | _uncompiled(rest)


def _slow(pattern: str) -> str | None:
    """Return why a line could take for ever, or None."""
    problem = re2_problem(pattern)
    if problem is None:
        return None
    if problem:
        return (
            f"cannot be searched in linear time ({problem}); make it simpler, its repeats smaller"
        )
    if far_repeats(pattern) <= _MOST_FAR_REPEATS:
        return None
    return (
        "has several far repeats, which can take for ever on one line here, where google-re2 is"
        " not installed: install it, or write repeats such as {0,5}"
    )


def _uncompiled(patterns: Iterable[str]) -> dict[str, str]:
    """Return what hyperscan takes too long for; without hyperscan nothing is compiled."""
    try:
        from supervisor.adapters.scanner.compiling import refusal
    except ImportError:
        return {}
    searched = {pattern: portable(pattern).search for pattern in patterns}
    if not searched or refusal(tuple(searched.values())) is None:
        return {}
    return {
        pattern: f"{reason}; make it simpler, its repeats smaller"
        for pattern, search in searched.items()
        if (reason := refusal([search])) is not None
    }


def leading_gap(pattern: str) -> str | None:
    """Return the gap with which ``pattern`` begins, such as ``.*``: it finds nothing and costs time."""
    found = re.match(r"(?:\(\?[a-zA-Z-]*[:)]|\()*(\.[*+]\??|\.\{\d*,\d*\}\??)", pattern)
    return found[1] if found else None
