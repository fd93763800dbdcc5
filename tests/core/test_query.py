from dataclasses import dataclass
from types import MappingProxyType

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from supervisor.core.query import Field, Fields, Query, parse
from supervisor.core.query_word import QueryError

NOW = 10_000.0


@dataclass(frozen=True, slots=True)
class Pot:
    """A row."""

    name: str = ""
    colour: str | None = None
    lids: int | None = None
    full: float | None = None
    bought_at: float | None = None
    due_at: float | None = None
    room: int | None = None


FIELDS: Fields[Pot] = Fields(
    by_name=MappingProxyType(
        {
            "name": Field(help="", value=lambda pot: pot.name),
            "colour": Field(help="", value=lambda pot: pot.colour, known=("red", "dark red")),
            "lids": Field(help="", value=lambda pot: pot.lids, kind="number"),
            "full": Field(help="", value=lambda pot: pot.full, kind="percent"),
            "age": Field(help="", value=lambda pot: pot.bought_at, kind="age"),
            "due": Field(help="", value=lambda pot: pot.due_at, kind="wait"),
            "room": Field(help="", value=lambda pot: pot.room, kind="size"),
        }
    ),
    words=lambda pot: f"{pot.name} {pot.colour or ''}",
)
POT = Pot("copper/pot-1", "red", 2, 50.0, NOW - 600, NOW + 60, 2 << 30)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "POT",
        "pot red",
        '"pot-1 red"',
        "p*1",
        "-blue",
        "!blue",
        "name:pot",
        "NAME:copper*",
        "name=copper/pot-1",
        "name!=copper",
        "-name:steel",
        "name:steel,copper*",
        "colour:red",
        "lids:2 lids=2 lids>=2 lids<=2 lids>1 lids<3 lids!=1",
        "full:50% full>49.5",
        "age>9m age<1h age>=10m age<=10m",
        "due<2m -due>1h",
        "room>1.5G room>=2GiB room<3gb room>100",
        "copper/pot-1,x",
    ],
)
def test_what_matches(text: str) -> None:
    query = parse(text, FIELDS)
    assert query.text == text.strip()
    assert query.matches(POT, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "steel",
        "pot steel",
        "-pot",
        "name:pot*",
        "name=pot",
        "name!=copper*",
        "-name:copper*",
        "colour:dark",
        "lids>2",
        "full<50",
        "age>11m",
        "due>2m",
        "room<2G",
        "1.0",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not parse(text, FIELDS).matches(POT, NOW)


def test_what_a_row_lacks_makes_no_question_true() -> None:
    empty = Pot("x")
    for text in ("colour:red", "lids<9", "lids!=1", "age>1s", "due<9h", "room<1T", "full<100"):
        assert not parse(text, FIELDS).matches(empty, NOW)
        assert parse(f"-{text}", FIELDS).matches(empty, NOW)
    assert not parse("colour:*", FIELDS).matches(empty, NOW)


def test_time_makes_rows_match() -> None:
    query = parse("age>10m", FIELDS)
    assert query.timed
    assert not query.matches(POT, NOW)
    assert query.matches(POT, NOW + 1)
    assert not parse("lids>1 pot", FIELDS).timed


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("color:red", 1, "no field 'color'; did you mean colour?"),
        ("pot -lid>1", 6, "did you mean lids?"),
        ("xyzzy:1", 1, "there are name, colour, lids"),
        ("name>x", 1, "name is text: write name:x"),
        ("age:10m", 1, "age is never exact: write age>10m or age<10m"),
        ("a room=2G", 3, "room is never exact"),
        ("age>10", 5, "has no unit: write 10s, 10m or 10h"),
        ("lids>two", 6, "'two' is not a number such as 2"),
        ("full>half", 6, "is not a percentage"),
        ("room>big", 6, "is not a size such as 500M or 2G"),
        ("colour:blau", 8, "no colour 'blau'"),
        ("colour:rde", 8, "did you mean red?"),
        ("name:", 6, "after name: comes a word"),
        ("lids> 2", 6, "after lids> comes a number"),
        ('name:""', 6, "after name: comes a word"),
        ("pot -", 5, "after - comes a word or a field"),
        (",", 1, "after , comes a word or a field"),
        ('say "hi', 5, "quotation mark"),
        ("lids>²", 6, "is not a number"),
    ],
)
def test_what_is_no_query_is_told_with_its_place(text: str, at: int, why: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, FIELDS)
    assert caught.value.at == at
    assert why in caught.value.why


@given(st.text())
def test_any_text_is_a_query_or_a_mistake_within_it(text: str) -> None:
    at = 1
    try:
        query = parse(text, FIELDS)
    except QueryError as error:
        at = error.at
    else:
        query.matches(POT, NOW)
        assert parse(query.text, FIELDS) == query
    assert 1 <= at <= len(text) + 1


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


ALPHABET = 'abAB19-/ "\\*?,:>!'
WORDS = st.text(ALPHABET, min_size=1, max_size=6)
NUMBERS = st.integers(0, 9)
CONDITIONS = st.one_of(
    WORDS.map(lambda word: (_quoted(word), lambda pot: word.lower() in f"{pot.name} ".lower())),
    WORDS.map(lambda word: (f"name:{_quoted(word)}", lambda pot: word.lower() in pot.name.lower())),
    WORDS.map(lambda word: (f"name={_quoted(word)}", lambda pot: word.lower() == pot.name.lower())),
    NUMBERS.map(lambda n: (f"lids>{n}", lambda pot: pot.lids is not None and pot.lids > n)),
    NUMBERS.map(lambda n: (f"lids<={n}", lambda pot: pot.lids is not None and pot.lids <= n)),
    NUMBERS.map(
        lambda n: (f"age>{n}s", lambda pot: pot.bought_at is not None and NOW - pot.bought_at > n)
    ),
)
POTS = st.builds(
    Pot,
    name=st.text(ALPHABET, max_size=8),
    lids=st.none() | NUMBERS,
    bought_at=st.none() | NUMBERS.map(lambda n: NOW - n),
)


@given(st.lists(st.tuples(CONDITIONS, st.sampled_from(["", "-", "!"])), max_size=4), POTS)
def test_conditions_mean_what_they_say_and_hold_together(conditions, pot: Pot) -> None:  # type: ignore[no-untyped-def]
    text = "  ".join(sign + typed for (typed, _), sign in conditions)
    assume("\n" not in text)
    meant = all(holds(pot) is not bool(sign) for (_, holds), sign in conditions)
    assert parse(text, FIELDS).matches(pot, NOW) is meant


@given(POTS)
def test_nothing_typed_matches_everything(pot: Pot) -> None:
    empty: Query[Pot] = Query()
    assert empty.matches(pot, NOW)
    assert parse(" ", FIELDS).matches(pot, NOW)
