"""Chance that depends on what happens, not on who asks first: each policy meets the same luck."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Numbers that depend on the seed and on the names given."""

    def __init__(self, seed: int) -> None:
        self._key = str(seed).encode()

    def share(self, *names: object) -> float:
        """Return a number from 0 up to 1."""
        text = "\0".join(map(str, names)).encode()
        digest = blake2b(text, digest_size=7, key=self._key).digest()
        return int.from_bytes(digest, "big") / (1 << 56)

    def between(self, low: float, high: float, *names: object) -> float:
        """Return a number from ``low`` up to ``high``."""
        return low + (high - low) * self.share(*names)

    def one_of(self, choices: Sequence[T], *names: object) -> T:
        """Return one of ``choices``."""
        return choices[int(self.share(*names) * len(choices))]
