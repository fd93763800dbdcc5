"""The machine's time, and how it jumps."""

import time


def wall_now() -> float:
    """Return Unix seconds."""
    return time.time()  # noqa: TID251 - the clock that the others are told to use
