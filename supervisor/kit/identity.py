"""Which item is which: the key it is recorded under, and what tells that it is not what it was."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, cast

from supervisor.kit.errors import KitError

_NAMES = ("id", "key", "name", "task_id", "instance_id", "custom_id")


def plain(value: object) -> Any:
    """Return what JSON writes for a value that it does not know.

    Raises:
        TypeError: nothing can be written for it.
    """
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(cast("set[Any]", value), key=repr)
    if (fields := _fields(value)) is not None:
        return dict(fields)
    if hasattr(type(value), "__dataclass_fields__"):
        return {name: getattr(value, name) for name in type(value).__dataclass_fields__}  # type: ignore[attr-defined]
    for name in ("model_dump", "tolist"):  # pydantic; numpy and torch, whose scalars have it too
        convert = getattr(value, name, None)
        if callable(convert):
            return convert()
    raise TypeError(f"a {type(value).__name__} is nothing that JSON has")


def _content(value: object) -> Any:
    return value.hex() if isinstance(value, bytes) else plain(value)


_written = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_content).encode


def key_of(item: object) -> str:
    """Return the key of an item: its text, its ``id`` (or the like), else a hash of what it holds.

    Raises:
        KitError: nothing can be made of it.
    """
    if isinstance(item, str):
        return item
    if isinstance(item, int | PurePath):
        return str(item)
    fields = _fields(item)
    for name in _NAMES:
        value: object = getattr(item, name, None) if fields is None else fields.get(name)
        if isinstance(value, str | int):
            return str(value)
    found = content_of(item)
    if not found:
        raise KitError(
            f"a {type(item).__name__} has no id: pass key=, a function from an item to its key"
        )
    return found


def content_of(item: object) -> str:
    """Return a hash that differs when the item does; empty where nobody can tell."""
    try:
        text = item if isinstance(item, str) else _written(item)
    except (TypeError, ValueError, RecursionError):
        return ""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _fields(item: object) -> Mapping[str, object] | None:
    return cast("Mapping[str, object]", item) if isinstance(item, Mapping) else None
