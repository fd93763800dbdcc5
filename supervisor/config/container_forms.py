"""Texts of the key ``docker``: volumes, memory, cores; read as Docker itself reads them."""

import re

from supervisor.config.source import Plain
from supervisor.core.wish import Volume

_MEMORY = re.compile(r"(\d+(?:\.\d+)?) ?([kmgt]?)(?:i?b)?", re.IGNORECASE | re.ASCII)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_LEAST_MEMORY = 6 * 1024**2
"""Docker refuses less."""
NAMED_VOLUME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.{}-]*")
_MODES = ("ro", "rw")


def memory(text: str) -> int:
    """Return the bytes of ``8g``, ``512m`` or ``8GiB``; as with Docker all are powers of 1024."""
    match = _MEMORY.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no amount of memory: write it like 8g or 512m")
    size = int(float(match[1]) * 1024 ** _POWERS[match[2].lower()])
    if size < _LEAST_MEMORY:
        raise ValueError(f"{text!r} is less than the 6m that a container needs")
    return size


def cores(text: str) -> float:
    """Return ``text`` as a number of cores above 0."""
    if not re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) or not float(text):
        raise ValueError(f"expected a number of cores such as 1.5, found {text!r}")
    return float(text)


def volumes(value: Plain) -> tuple[Volume, ...]:
    """Return the volumes of a list of ``SOURCE:TARGET[:ro]``."""
    found = value if isinstance(value, list) else [value]
    return tuple(_volume(text) for text in found)


def _volume(text: Plain) -> Volume:
    if not isinstance(text, str):
        raise ValueError("expected texts such as ./data:/data")
    source, _, rest = text.partition(":")
    target, colon, mode = rest.partition(":")
    if not source or not target.startswith(("/", "{")):
        raise ValueError(
            f"{text!r} is no volume: write it like ./data:/data, or cache:/cache:ro with"
            " an absolute path after the colon"
        )
    if colon and mode not in _MODES:
        raise ValueError(f"{text!r}: after the second colon stands ro or rw, not {mode!r}")
    if not source.startswith((".", "/", "~", "{")) and not NAMED_VOLUME.fullmatch(source):
        raise ValueError(f"{text!r}: write a path like ./{source}, or the name of a volume")
    return Volume(source=source, target=target, read_only=mode == "ro")
