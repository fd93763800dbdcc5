"""A small language that says which rows are meant: ``class:auth attempts>2 -state:running``."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, Literal, TypeVar

from supervisor.core.durations import seconds
from supervisor.core.query_word import QueryError, Word, read_word

Kind = Literal["text", "number", "percent", "age", "wait", "size"]
"""What a field holds; ages and waits are told as a moment, in Unix seconds."""
Row = TypeVar("Row")

_HEAD = re.compile(r"([-!]?)(?:([A-Za-z_]+)(!=|>=|<=|[:=<>]))?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?", re.IGNORECASE | re.ASCII)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_EXACT = frozenset({":", "=", "!="})
_COMPARED: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {
        ":": operator.eq,
        "=": operator.eq,
        "!=": operator.ne,
        ">": operator.gt,
        ">=": operator.ge,
        "<": operator.lt,
        "<=": operator.le,
    }
)
_WANTED: Mapping[Kind, str] = MappingProxyType(
    {
        "text": "a word",
        "number": "a number such as 2",
        "percent": "a percentage such as 50",
        "age": "a span such as 10m or 2h30m",
        "wait": "a span such as 10m or 2h30m",
        "size": "a size such as 500M or 2G",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Generic[Row]):
    """Something that a query may ask of a row."""

    help: str
    value: Callable[[Row], Any]
    """Text, or a number, of the row; None: it has none, and no question about it is true."""
    kind: Kind = "text"
    known: tuple[str, ...] = ()
    """The words it may be; empty: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields(Generic[Row]):
    """All that a query may ask of rows of one kind."""

    by_name: Mapping[str, Field[Row]]
    words: Callable[[Row], str]
    """The text of a row in which a word without a field is looked for."""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Generic[Row]):
    """One condition."""

    field: Field[Row]
    compared: str
    """The sign between field and value."""
    wanted: re.Pattern[str] | tuple[str, ...] | float
    """A pattern, or texts in lower case of which one is to occur, or a number."""
    negated: bool = False

    def holds(self, row: Row, now: float) -> bool:
        """Return whether ``row`` meets it at ``now`` (Unix seconds)."""
        value = self.field.value(row)
        if value is None or value == "":
            return self.negated
        if isinstance(self.wanted, tuple):
            text = value.lower()
            return any(one in text for one in self.wanted) is not self.negated
        if isinstance(self.wanted, re.Pattern):
            return (self.wanted.search(value) is not None) is not self.negated
        if self.field.kind in ("age", "wait"):
            value = now - value if self.field.kind == "age" else value - now
        return _COMPARED[self.compared](value, self.wanted) is not self.negated


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Generic[Row]):
    """Conditions that all have to hold; without any, every row matches."""

    text: str = ""
    """As it was typed."""
    terms: tuple[Term[Row], ...] = ()

    @property
    def timed(self) -> bool:
        """Whether rows come to match, or cease to, as time passes."""
        return any(term.field.kind in ("age", "wait") for term in self.terms)

    def matches(self, row: Row, now: float) -> bool:
        """Return whether ``row`` meets every condition at ``now`` (Unix seconds)."""
        for term in self.terms:  # noqa: SIM110 - each of 5,000 rows would make a generator
            if not term.holds(row, now):
                return False
        return True


def parse(text: str, fields: Fields[Row]) -> Query[Row]:
    """Return the query that ``text`` means: words, ``field:word``, ``field>number``, ``-`` for not.

    Words are looked for regardless of case; ``*`` and ``?`` stand for any text and any character,
    a comma for *or*, and quotation marks keep a text together as it is.

    Raises:
        QueryError: it means none.
    """
    terms: list[Term[Row]] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
        else:
            term, at = _term(text, at, fields)
            terms.append(term)
    return Query(text=text.strip(), terms=tuple(terms))


def _term(text: str, at: int, fields: Fields[Row]) -> tuple[Term[Row], int]:
    head = _HEAD.match(text, at)
    assert head is not None, "it may match nothing at all"
    sign, name, compared = head.groups()
    word, end = read_word(text, head.end())
    if name is None:
        if not word.patterns:
            raise QueryError(at + 1, f"after {sign or word.text} comes a word or a field")
        # Nothing else is typed so often, and looking for a text takes a third of the time.
        wanted = word.pattern(whole=False, whole_if_wild=False) if word.wild else word.texts
        words: Field[Row] = Field(help="", value=fields.words)
        return Term(field=words, compared=":", wanted=wanted, negated=bool(sign)), end
    field = fields.by_name.get(name.lower())
    if field is None:
        raise QueryError(head.start(2) + 1, _unknown(name, fields.by_name, "field"))
    if not word.patterns:
        raise QueryError(head.end() + 1, f"after {name}{compared} comes {_WANTED[field.kind]}")
    _check(field.kind, name, compared, word.text, head.start(2) + 1)
    value = _value(field, name, compared, word, head.end() + 1)
    other = compared == "!=" and field.kind == "text"
    return Term(field=field, compared=compared, wanted=value, negated=bool(sign) is not other), end


def _check(kind: Kind, name: str, compared: str, text: str, at: int) -> None:
    if kind == "text" and compared not in _EXACT:
        raise QueryError(at, f"{name} is text: write {name}:{text}")
    if kind in ("age", "wait", "size") and compared in _EXACT:
        raise QueryError(at, f"{name} is never exact: write {name}>{text} or {name}<{text}")


def _value(
    field: Field[Row], name: str, compared: str, word: Word, at: int
) -> re.Pattern[str] | float:
    if field.kind != "text":
        return _number(field.kind, word.text, at)
    pattern = word.pattern(whole=compared != ":", whole_if_wild=True)
    if field.known and not any(pattern.search(one) for one in field.known):
        raise QueryError(at, _unknown(word.text, field.known, name))
    return pattern


def _number(kind: Kind, text: str, at: int) -> float:
    if kind in ("age", "wait"):
        try:
            return seconds(text)
        except ValueError as error:
            raise QueryError(at, str(error)) from None
    if kind == "size" and (found := _SIZE.fullmatch(text)):
        return float(found[1]) * 1024.0 ** _POWERS[found[2].lower()]
    number = text.removesuffix("%") if kind == "percent" else text
    if kind == "size" or not _NUMBER.fullmatch(number):
        raise QueryError(at, f"{text!r} is not {_WANTED[kind]}")
    return float(number)


def _unknown(name: str, known: Iterable[str], what: str) -> str:
    from difflib import get_close_matches  # takes time to load, and only mistakes need it

    near = get_close_matches(name.lower(), list(known), n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    return f"no {what} {name!r}; {hint}"
