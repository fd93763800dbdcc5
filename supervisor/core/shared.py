"""Equal texts kept once: the tasks of a batch repeat their commands, limits, causes and ends."""

from functools import lru_cache


@lru_cache(maxsize=1024)
def shared_text(text: str) -> str:
    """Return the first of the equal texts that were met lately.

    ``sys.intern`` would also keep a place for each text that is like no other, and most names are.
    """
    return text


@lru_cache(maxsize=512)
def shared_texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first of the equal tuples that were met lately."""
    return texts
