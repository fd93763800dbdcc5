"""What a line must contain to match a pattern: literals, which are found far faster than patterns.

Only patterns as this package writes them are read (verbose, no conditionals); where anything is
unclear nothing is required, which is slow but never wrong.
"""

import math
import re
from collections.abc import Sequence

TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\#[^\n]*|.", re.DOTALL)
"""One piece of a verbose pattern: an escape, a class, a comment, a character."""
_LOOK_US = 0.04
"""What it costs to look for a literal in a line, in microseconds."""
_SEARCH_US = 3.0
"""What it costs to search for the pattern when a literal was there by chance."""
_CHANCES = 100
"""Places in a line where a literal can stand by chance."""
_REPEATS = {"*": 0, "?": 0, "+": 1}

Literals = frozenset[str]


class _UnclearError(Exception):
    """A pattern has something in it that is not read here."""


def required(pattern: str) -> Literals | None:
    """Return literals of which each match of a verbose ``pattern`` contains one; None: unknown."""
    tokens = [one for one in TOKEN.findall(pattern) if not one.isspace() and one[0] != "#"]
    try:
        return _alternatives(tokens, 0)[0]
    except _UnclearError:
        return None


def cost_us(literals: Literals) -> float:
    """Return about what it costs to look for ``literals`` first, with searches that were in vain."""
    return sum(_LOOK_US + _SEARCH_US * min(1.0, _CHANCES * _chance(one)) for one in literals)


def _chance(literal: str) -> float:
    return math.prod(0.06 if one.isalpha() or one == " " else 0.004 for one in literal)


def _alternatives(tokens: Sequence[str], place: int) -> tuple[Literals | None, int]:
    """Return what is required up to the end of a group, and where that is."""
    every: Literals | None = frozenset()
    while True:
        found, place = _sequence(tokens, place)
        every = None if every is None or found is None else every | found
        if place == len(tokens) or tokens[place] == ")":
            return every, place
        place += 1


def _sequence(tokens: Sequence[str], place: int) -> tuple[Literals | None, int]:
    """Return the cheapest of what is required by pieces that follow each other."""
    choices: list[Literals] = []
    run = ""
    while place < len(tokens) and tokens[place] not in {"|", ")"}:
        inner: Literals | None = None
        literal = ""
        if tokens[place] == "(":
            inner, place = _group(tokens, place + 1)
        else:
            literal = _literal(tokens[place])
            place += 1
        least, fixed, place = _repeat(tokens, place)
        run += literal * least
        if not (literal and fixed):
            choices.append(frozenset({run} - {""}))
            run = ""
        if inner is not None and least:
            choices.append(inner)
    choices.append(frozenset({run} - {""}))
    return min((one for one in choices if one), key=cost_us, default=None), place


def _group(tokens: Sequence[str], place: int) -> tuple[Literals | None, int]:
    """Return what a group requires whose first piece is at ``place``, and where it is over."""
    counts = True
    if tokens[place] == "?":
        head = "".join(tokens[place + 1 : place + 4])
        if head[0] == ":":
            place += 2
        elif head == "-i:":
            place += 4
        elif head.startswith("P<"):
            place = tokens.index(">", place) + 1
        elif head[0] in "=!" or head[:2] in {"<=", "<!"}:
            place += 2 if head[0] in "=!" else 3
            counts = False
        else:
            raise _UnclearError(head)
    inner, place = _alternatives(tokens, place)
    return (inner if counts else None), place + 1


def _literal(token: str) -> str:
    """Return the character a piece stands for; nothing if it stands for several, or for a place."""
    if len(token) == 1:
        if token in "*+?{":
            raise _UnclearError(token)
        return "" if token in ".^$" else token
    if token[0] == "[":
        return ""
    if token[1].isdigit() or token[1] in "xuUN":
        raise _UnclearError(token)
    return "" if token[1].isalnum() else token[1]


def _repeat(tokens: Sequence[str], place: int) -> tuple[int, bool, int]:
    """Return how often a piece must stand at least, whether just so often, and what comes next."""
    least, fixed = 1, True
    if place < len(tokens) and tokens[place] in _REPEATS:
        least, fixed = _REPEATS[tokens[place]], False
        place += 1
    elif place < len(tokens) and tokens[place] == "{":
        stop = tokens.index("}", place)
        bounds = "".join(tokens[place + 1 : stop])
        first = bounds.split(",")[0]
        if not bounds.replace(",", "").isdigit():
            raise _UnclearError(bounds)
        least, fixed = int(first or 0), "," not in bounds
        place = stop + 1
    else:
        return least, fixed, place
    if place < len(tokens) and tokens[place] in {"?", "+"}:
        place += 1
    return least, fixed, place
