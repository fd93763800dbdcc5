"""Conversions from values to plain JSON values, one per type hint, made once."""

from collections.abc import Hashable
from dataclasses import fields
from enum import StrEnum
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from supervisor.core.hints import (
    SCALARS,
    Convert,
    bare,
    is_mapping,
    is_record,
    kept_as,
    members,
    same,
    written_name,
)


@cache
def encoder(hint: Hashable) -> Convert:
    """Return what turns values of type ``hint`` into plain JSON values.

    Raises:
        TypeError: no such value can be written.
    """
    kept: Any = bare(hint)
    if members(kept):
        return _union(members(kept))
    if get_origin(kept) is Literal or kept in SCALARS or kept is object:
        return same
    if get_origin(kept) is tuple:
        return _tuple(get_args(kept))
    if is_mapping(kept):
        return _mapping(get_args(kept)[1])
    if isinstance(kept, type) and issubclass(kept, StrEnum):
        return attrgetter("value")
    if is_record(kept):
        return _record(kept)
    raise TypeError(f"codec does not know how to write {hint!r}")


def _union(options: tuple[Any, ...]) -> Convert:
    shapes = [option for option in options if option is not NoneType]
    if len(shapes) == 1:
        only = encoder(shapes[0])
        return lambda value: None if value is None else only(value)
    table: dict[type, Convert] = {NoneType: same}
    for shape in shapes:
        convert = encoder(shape)
        table[kept_as(shape)] = _tagging(shape.__name__, convert) if is_record(shape) else convert
    return lambda value: table[type(value)](value)


def _tagging(name: str, convert: Convert) -> Convert:
    def tagged(value: Any) -> dict[str, Any]:
        plain = {"kind": name}
        plain.update(convert(value))
        return plain

    return tagged


def _tuple(parts: tuple[Any, ...]) -> Convert:
    if parts[1:] == (...,):
        each = encoder(parts[0])
        return list if each is same else lambda value: [each(item) for item in value]
    converts = [encoder(part) for part in parts]
    return lambda value: [convert(item) for convert, item in zip(converts, value, strict=True)]


def _mapping(values: Any) -> Convert:
    # Keys need no care: they are text, and JSON writes the member of a StrEnum as its text.
    each = encoder(values)
    if each is same:
        return dict
    return lambda value: {key: each(item) for key, item in value.items()}


def _record(cls: type[Any]) -> Convert:
    names = [field.name for field in fields(cls)]
    if not names:
        return lambda _value: {}
    hints = get_type_hints(cls)
    written = [written_name(name) for name in names]
    special = [
        (written_name(name), convert)
        for name in names
        if (convert := encoder(hints[name])) is not same
    ]
    # One C call reads all fields, then only those that need more are converted: three times as
    # fast as a loop over all. With a single name attrgetter gives no tuple.
    values: Convert = attrgetter(*names) if names[1:] else lambda value: (getattr(value, names[0]),)

    def record(value: Any) -> dict[str, Any]:
        plain: dict[str, Any] = dict(zip(written, values(value), strict=True))
        for name, convert in special:
            plain[name] = convert(plain[name])
        return plain

    return record
