r"""Rewrite patterns so that every engine reads them as ``re`` does, searching whole blocks of lines.

``re`` looks at one line at a time and knows no newline; the other engines look at many lines at
once, so nothing in their patterns may match ``\n``. They also read ``\s``, ``\v`` and ``{,3}`` in
ways of their own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

_PIECE = re.compile(
    r"""
      \\x[0-9a-fA-F]{2} | \\.
    | \(\?(?:P<\w+>|[a-zA-Z-]*[:)]) | [()|]
    | \[\^?\]?(?:\\.|[^\]\\])*\]                         # a class, whole
    | \{\d*,?\d*\}\?? | [*+?]\??                         # a repeat
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_BOUNDS = re.compile(r"\{(\d*)(,?)(\d*)\}")
_SPACE = r"\t\x0b\f\r "
_NO_SPACE = r"\x00-\x08\x0e-\x1f\x21-\xff"
_OUTSIDE = {
    r"\s": f"[{_SPACE}]",
    r"\S": f"[{_NO_SPACE}]",
    r"\D": r"[^\d\n]",
    r"\W": r"[^\w\n]",
    r"\v": r"\x0b",
}
_MANY = 5
"""A repeat that may go further than this costs compiled states; it is searched as unbounded."""


@dataclass(frozen=True, slots=True)
class Portable:
    """One pattern, in ASCII, for engines that search blocks."""

    exact: str
    """Matches in a line wherever the original does, and nowhere else."""
    search: str
    """Matches in at least the same lines; cheap to compile, and reports few matches a line."""
    certain: bool
    """``search`` matches in no other lines: nothing is left to confirm."""


@cache
def portable(pattern: str, *, cased_bytes: bool = False) -> Portable:
    """Return the forms of ``pattern``.

    ``cased_bytes``: letters beyond ASCII become bytes without a case; for re2, which takes each
    byte for a letter.
    """
    pieces = [_rewritten(piece, cased_bytes) for piece in _PIECE.findall(pattern)]
    wide = [_widened(piece) for piece in pieces]
    return Portable(
        exact="".join(pieces),
        search="".join(_without_tails(wide)),
        certain=wide == pieces and not any(map(_may_match_newline, pieces)),
    )


def _rewritten(piece: str, cased_bytes: bool) -> str:
    if piece in _OUTSIDE:
        return _OUTSIDE[piece]
    if piece[0] == "[" and len(piece) > 1:
        return _class(piece)
    if piece.startswith("{,"):
        return "{0" + piece[1:]
    if not piece.isascii():
        code = "".join(f"\\x{byte:02x}" for byte in piece.encode())
        return f"(?-i:{code})" if cased_bytes else code
    return piece


def _class(piece: str) -> str:
    """Return a class with white space as ``re`` means it, and a negated one without the newline."""
    negated = piece[1] == "^"
    body = (piece[2:-1] if negated else piece[1:-1]).replace(r"\\", r"\x5c")
    body = body.replace(r"\s", _SPACE).replace(r"\S", _NO_SPACE).replace(r"\v", r"\x0b")
    return f"[^{body}\\n]" if negated else f"[{body}]"


def _may_match_newline(piece: str) -> bool:
    if piece[0] == "[" and len(piece) > 1:
        return re.match(piece, "\n") is not None
    return piece.lower() in {"\n", r"\n", r"\x0a"}


def _widened(piece: str) -> str:
    """Return a repeat as an unbounded one if it goes far, anything else as it is."""
    bounds = _BOUNDS.match(piece)
    if bounds is None or not bounds[2] or not bounds[3] or int(bounds[3]) <= _MANY:
        return piece
    least = min(int(bounds[1] or 0), _MANY)
    return ("*" if least == 0 else "+" if least == 1 else f"{{{least},}}") + piece[bounds.end() :]


def _without_tails(pieces: Sequence[str]) -> Sequence[str]:
    """Return the pieces without unbounded repeats where a match ends.

    Each byte that they go on for would be reported, and none of them decides whether there is a
    match.
    """
    kept: list[str] = []
    last, outer = True, [True]
    rest = list(pieces)
    while rest:
        piece = rest.pop()
        if piece == ")":
            outer.append(last)
        elif piece == "|":
            last = outer[-1]
        elif piece[0] == "(" and piece[-1] != ")":
            outer.pop()
            last = False
        elif last and rest and rest[-1] != ")" and (least := _unbounded(piece)) is not None:
            atom = rest.pop()
            last = least == 0
            kept.extend([f"{{{least}}}", atom] if least > 1 else [atom] * least)
            continue
        else:
            last = False
        kept.append(piece)
    return kept[::-1]


def _unbounded(piece: str) -> int | None:
    """Return how often an unbounded repeat must match at least; None: it is something else."""
    if piece[0] in "*+":
        return "*+".index(piece[0])
    bounds = _BOUNDS.match(piece)
    return int(bounds[1] or 0) if bounds and bounds[2] and not bounds[3] else None


def far_repeats(pattern: str) -> int:
    """Return how many repeats in ``pattern`` may go further than five times."""
    return sum(
        _widened(piece) != piece or _unbounded(piece) is not None
        for piece in _PIECE.findall(pattern)
    )
