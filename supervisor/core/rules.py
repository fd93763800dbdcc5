"""Rules that name an error by its words, and the book that judges a line by them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, assert_never

from supervisor.core.likeness import likeness
from supervisor.core.models import ErrorClass, Origin
from supervisor.core.prose import is_sentence
from supervisor.core.quotes import argument_at, is_amid_code, stands_alone
from supervisor.core.shape import (
    Shape,
    is_adverse,
    is_labelled,
    is_sent,
    is_slip,
    is_structured,
    shape_of,
)

Strength = Literal["strong", "weak"]
Where = Literal["any", "stderr", "structured", "error", "exception"]

_AROUND = 2000
"""Characters before and after a match that are judged; a line of a transcript can be a megabyte."""
_SHOWN = 500
_SIGNS = ("⎿", "│", "┃", "■", "✗", "✘", "✖", "❌", "⚠", "●")
"""What command line tools put before a message, indented or not."""
_CAUSED = "Caused by:"
"""Rust's tools indent the cause below it."""
_LONG = 400
_REMEMBERED = 4096
"""Judgements that are kept, of lines of at most so many characters."""
_CAUSE = 3
"""Rank of the rules that name the very cause."""
_CITED = re.compile(r"`[^`]{1,200}`|(?<=.)`[^`']{1,200}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One family of messages: what its lines look like, and what they mean."""

    id: str
    """``pack.name``, unique."""
    pattern: str
    """Regular expression, searched in one line without regard to case; no look-around."""
    error_class: ErrorClass | None = None
    """None: such a line only says when to try again."""
    strength: Strength = "strong"
    """``weak`` explains an end but never acts on a running task."""
    where: Where = "any"
    """In which lines it counts: ``stderr``, of that stream; ``structured``, a server's answer as
    JSON; ``error``, what looks like an error, or, for ranks below 3, tells of a failure;
    ``exception``, the last line of a traceback."""
    rank: int = 2
    """Of several rules that match one line the highest explains it: 3 names the very cause, 2 the
    kind of error, 1 only its number, 0 no more than that something of the kind failed."""
    unless: str | None = None
    """A line that matches this, too, is something else."""
    matches: tuple[str, ...] = ()
    """Samples in which the rule must be the explanation."""
    ignores: tuple[str, ...] = ()
    """Samples in which the rule must find nothing."""
    enabled: bool = True
    """False, of the operator's own rules: switches off the rule of this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one line means."""

    rule: Rule
    strong: bool
    """It may act on a task that still runs."""
    excerpt: str
    """The part of the line around the match."""


class Place(Protocol):
    """Where a pattern was found."""

    def start(self) -> int:
        """Return the character at which the match begins."""
        ...


class Searching(Protocol):
    """A pattern that lines are searched for."""

    def search(self, text: str, /) -> Place | None:
        """Return the first match in a line, or None."""
        ...


def ignoring_case(rule: Rule, pattern: str) -> Searching:
    """Return the pattern of a rule, or its ``unless``, as ``re`` reads it."""
    del rule
    return re.compile(pattern, re.IGNORECASE)


def overlaid(rules: Iterable[Rule], own: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return ``rules`` with the operator's ``own``: of one id the last counts, or is switched off."""
    book = {rule.id: rule for rule in rules} | {rule.id: rule for rule in own}
    return tuple(rule for rule in book.values() if rule.enabled)


class RuleBook:
    """All rules, ready to judge lines; iterates in the packs' order."""

    def __init__(
        self,
        rules: Iterable[Rule],
        searching: Callable[[Rule, str], Searching] = ignoring_case,
    ) -> None:
        self._rules = {rule.id: rule for rule in rules}
        self._searching = searching
        self._patterns: dict[str, Searching] = {}
        self._unless: dict[str, Searching] = {}
        self._known: dict[tuple[object, ...], Finding | None] = {}

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)

    def get(self, rule_id: str) -> Rule | None:
        """Return the rule of that id, or None."""
        return self._rules.get(rule_id)

    def matching(self, line: str) -> tuple[str, ...]:
        """Return the ids of all rules whose pattern is in ``line``; slow, for single lines."""
        return tuple(rule.id for rule in self if self._pattern(rule).search(line))

    def judge(
        self,
        line: str,
        candidates: Sequence[str],
        *,
        stream: Origin = "stderr",
        beside: tuple[str, str] = ("", ""),
    ) -> Finding | None:
        """Return what ``line`` means, given the rules whose patterns were found in it.

        ``beside`` are the lines before and after it, as far as they are known. What was judged
        lately is known: loops write the same words, and agents print the same files, many times.
        """
        if len(line) > _LONG:
            return self._judge(line, candidates, stream, beside)
        among = None if stands_alone(line, beside) else beside
        place = (likeness(line), tuple(candidates), stream, among)
        if place not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[place] = self._judge(line, candidates, stream, beside)
        known = self._known[place]
        if known is None or known.excerpt == line:
            return known
        return Finding(rule=known.rule, strong=known.strong, excerpt=line)

    def _judge(
        self, line: str, candidates: Sequence[str], stream: Origin, beside: tuple[str, str]
    ) -> Finding | None:
        rules = [rule for name in candidates if (rule := self._rules.get(name)) is not None]
        if not rules:
            return None
        rules.sort(key=_closeness, reverse=True)
        looked_at = line if len(line) <= _AROUND else self._excerpt(rules[0], line)
        shape = shape_of(looked_at)
        if shape is Shape.QUOTE or (shape < Shape.EXCEPTION and is_amid_code(looked_at, beside)):
            return None
        for rule in rules:
            if (
                _is_place(rule, shape, looked_at, stream)
                and _is_sure(rule, looked_at)
                and self._fits(rule, line)
                and (rule.error_class in _OF_PROGRAMS or not is_slip(looked_at))
                and not (shape < Shape.EXCEPTION and self._is_cited(rule, looked_at))
                and not (shape < Shape.EXCEPTION and self._is_handed_over(rule, looked_at))
            ):
                strong = rule.strength == "strong" and _is_said_outright(
                    rule, shape, looked_at, beside[0]
                )
                return Finding(rule=rule, strong=strong, excerpt=self._excerpt(rule, line))
        return None

    def _fits(self, rule: Rule, line: str) -> bool:
        if rule.unless is None:
            return True
        pattern = self._unless.get(rule.id)
        if pattern is None:
            pattern = self._unless[rule.id] = self._searching(rule, rule.unless)
        return pattern.search(line) is None

    def _is_cited(self, rule: Rule, line: str) -> bool:
        """Tell whether the match is what a sentence `cites`, as documentation does."""
        if "`" not in line or (line.strip().startswith("`") and line.strip().endswith("`")):
            return False
        rest = _CITED.sub("` `", line)
        return self._pattern(rule).search(rest) is None and not is_labelled(rest)

    def _is_handed_over(self, rule: Rule, line: str) -> bool:
        """Tell whether the match is a string of a program: an argument, an entry of a list."""
        found = self._pattern(rule).search(line) if '"' in line or "'" in line else None
        start = argument_at(line, found.start()) if found is not None else None
        return start is not None and not is_labelled(line[:start])

    def _pattern(self, rule: Rule) -> Searching:
        pattern = self._patterns.get(rule.id)
        if pattern is None:
            pattern = self._patterns[rule.id] = self._searching(rule, rule.pattern)
        return pattern

    def _excerpt(self, rule: Rule, line: str) -> str:
        if len(line) <= _AROUND:
            return line
        found = self._pattern(rule).search(line)
        start = max(0, (found.start() if found else 0) - _AROUND // 4)
        return line[start : start + _AROUND]


_OF_PROGRAMS = frozenset({None, ErrorClass.UNKNOWN, ErrorClass.BROKEN})
"""What exceptions about the names in a program may mean."""


def _is_said_outright(rule: Rule, shape: Shape, line: str, before: str) -> bool:
    """Tell whether a running task may be acted upon for this line.

    Loggers and tools begin their messages at the margin; words without any form have to name the
    very cause. Everything else may be cited, and explains an end at most.
    """
    if shape is Shape.EXCEPTION:
        return True
    if line[:2].isspace() and not line.lstrip().startswith(_SIGNS) and before.strip() != _CAUSED:
        return False
    return shape is Shape.ERROR or (shape is Shape.PLAIN and rule.rank == _CAUSE)


def _is_sure(rule: Rule, line: str) -> bool:
    """Tell whether a rule of mere words may count: messages name who sends them, sentences do not."""
    if rule.rank >= _CAUSE or rule.error_class in {None, ErrorClass.UNKNOWN}:
        return True
    if is_labelled(line) or is_sent(line):
        return True
    return rule.rank > 0 and not is_sentence(line)


def _is_place(rule: Rule, shape: Shape, line: str, stream: Origin) -> bool:
    match rule.where:
        case "any":
            return True
        case "stderr":
            return stream == "stderr"
        case "structured":
            return is_structured(line)
        case "error":
            return shape >= Shape.ERROR or (rule.rank < _CAUSE and is_adverse(line))
        case "exception":
            return shape is Shape.EXCEPTION
        case _:
            assert_never(rule.where)


def shown(excerpt: str) -> str:
    """Return an excerpt as a detection carries it: trimmed, at most 500 characters."""
    text = excerpt.strip()
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


_PRECEDENCE: tuple[ErrorClass, ...] = (
    ErrorClass.UNKNOWN,
    ErrorClass.DOCKER,
    ErrorClass.NETWORK,
    ErrorClass.BAD_REQUEST,
    ErrorClass.SERVER_ERROR,
    ErrorClass.POOL_CRASH,
    ErrorClass.CUDA_ERROR,
    ErrorClass.RATE_LIMIT,
    ErrorClass.AUTH,
    ErrorClass.BROKEN,
    ErrorClass.HOST_OOM,
    ErrorClass.CUDA_OOM,
    ErrorClass.DISK_FULL,
    ErrorClass.CONTENT_POLICY,
    ErrorClass.USAGE_WINDOW,
    ErrorClass.QUOTA,
)
"""When two rules of one rank match a line, the class further down is the closer cause."""
_PLACE = {error_class: place for place, error_class in enumerate(_PRECEDENCE)}


def _closeness(rule: Rule) -> tuple[int, int]:
    """Order rules by how closely they name the cause; mere hints come last."""
    if rule.error_class is None:
        return (-1, 0)
    return (rule.rank, _PLACE.get(rule.error_class, 0))
