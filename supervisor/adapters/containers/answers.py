"""Takes apart what the container engine answers: any part of it may be null or missing."""

from collections.abc import Mapping, Sequence
from typing import Any, cast


def part(said: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """Return the object that is found by ``keys``, one in the other; empty where there is none."""
    for key in keys:
        found: object = said.get(key)
        said = cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}
    return said


def entries(said: Mapping[str, Any], key: str) -> Sequence[Any]:
    """Return the list at ``key``; empty where there is none."""
    found: object = said.get(key)
    return cast("Sequence[Any]", found) if isinstance(found, list) else ()
