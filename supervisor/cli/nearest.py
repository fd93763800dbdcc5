"""The nearest word to a mistyped one."""

from difflib import get_close_matches


def hint(word: str, known: list[str]) -> str:
    """Return ``"; did you mean X?"`` for the nearest of ``known``, or the empty string."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""
