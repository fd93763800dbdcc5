"""Conversions from plain JSON values to values, one per type hint, made once."""

from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from supervisor.core.hints import (
    SCALARS,
    Convert,
    bare,
    class_of,
    is_mapping,
    is_record,
    kept_as,
    members,
    same,
    written_name,
)
from supervisor.core.shared import shared_text, shared_texts

_EMPTY: Mapping[Any, Any] = MappingProxyType({})
_WORDS: dict[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    NoneType: "null",
    list: "a list",
    dict: "an object",
}


class ShapeError(ValueError):
    """A plain value does not fit its type; the text names the place inside it."""

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(f"{path.lstrip('.') or 'value'}: {problem}")
        self.problem = problem
        self.path = path

    def under(self, step: str) -> "ShapeError":
        """Return the same fault as seen from one level further out."""
        return ShapeError(self.problem, step + self.path)


@cache
def decoder(hint: Hashable) -> Convert:
    """Return what turns plain JSON values into values of type ``hint``, or raises ShapeError.

    Raises:
        TypeError: no such value can be read.
    """
    kept: Any = bare(hint)
    if members(kept):
        return _union(members(kept))
    if kept in SCALARS or kept is object:
        return _PLAIN.get(kept) or _scalar(kept)
    if get_origin(kept) is Literal:
        return _choice({choice: choice for choice in get_args(kept)})
    if get_origin(kept) is tuple:
        return _tuple(get_args(kept))
    if is_mapping(kept):
        return _mapping(*get_args(kept))
    if isinstance(kept, type) and issubclass(kept, StrEnum):
        return _choice({member.value: member for member in kept})
    if is_record(kept):
        return _record(kept)
    raise TypeError(f"codec does not know how to read {hint!r}")


def _misfit(wanted: str, plain: object) -> ShapeError:
    return ShapeError(f"expected {wanted}, found {_WORDS.get(type(plain), type(plain).__name__)}")


def _number(plain: Any) -> float:
    if type(plain) is float:
        return plain
    if type(plain) is int:
        try:
            return float(plain)
        except OverflowError:
            raise ShapeError("the number is too large") from None
    raise _misfit("a number", plain)


def _scalar(kind: type) -> Convert:
    def scalar(plain: Any) -> Any:
        if type(plain) is kind:
            return plain
        raise _misfit(_WORDS[kind], plain)

    return scalar


def _text(plain: Any) -> str:
    if type(plain) is str:
        return shared_text(plain)
    raise _misfit("text", plain)


_PLAIN: dict[Any, Convert] = {object: same, float: _number, str: _text}


def _choice(choices: dict[Any, Any]) -> Convert:
    def choice(plain: Any) -> Any:
        if isinstance(plain, (str, int)) and plain in choices:
            return choices[plain]
        raise ShapeError(f"{plain!r} is none of {', '.join(map(str, choices))}")

    return choice


def _tuple(parts: tuple[Any, ...]) -> Convert:
    if parts[1:] == (...,):
        each = decoder(parts[0])

        def series(plain: Any) -> tuple[Any, ...]:
            items = _listed(plain)
            return _converted(items, [each] * len(items))

        return (lambda plain: shared_texts(series(plain))) if each is _text else series
    converts = [decoder(part) for part in parts]

    def fixed(plain: Any) -> tuple[Any, ...]:
        items = _listed(plain)
        if len(items) != len(converts):
            raise ShapeError(f"expected {len(converts)} items, found {len(items)}")
        return _converted(items, converts)

    return fixed


def _listed(plain: Any) -> list[Any]:
    if class_of(plain) is not list:
        raise _misfit("a list", plain)
    return cast("list[Any]", plain)


def _converted(plain: list[Any], converts: list[Convert]) -> tuple[Any, ...]:
    place = 0
    items: list[Any] = []
    try:
        for place, item in enumerate(plain):
            items.append(converts[place](item))
    except ShapeError as error:
        raise error.under(f"[{place}]") from None
    return tuple(items)


def _mapping(keys: Any, values: Any) -> Convert:
    key_of, value_of = decoder(keys), decoder(values)

    def mapping(plain: Any) -> Mapping[Any, Any]:
        if not plain and type(plain) is dict:
            return _EMPTY
        found: dict[Any, Any] = {}
        name = ""
        try:
            for name, item in _object(plain, "an object").items():
                found[key_of(name)] = value_of(item)
        except ShapeError as error:
            raise error.under(f".{name}" if name else "") from None
        return MappingProxyType(found)

    return mapping


def _object(plain: Any, wanted: str) -> dict[str, Any]:
    if type(plain) is not dict:
        raise _misfit(wanted, plain)
    return cast("dict[str, Any]", plain)


def _union(options: tuple[Any, ...]) -> Convert:
    shapes = [option for option in options if option is not NoneType]
    if len(shapes) == 1:
        only = decoder(shapes[0])
        return lambda plain: None if plain is None else only(plain)
    by_kind: dict[str, Convert] = {
        shape.__name__: decoder(cast("Any", shape)) for shape in shapes if is_record(shape)
    }
    by_type: dict[type[Any], Convert] = {
        _written_as(shape): decoder(shape) for shape in shapes if not is_record(shape)
    }
    if len(shapes) < len(options):
        by_type[NoneType] = same
    if float in by_type:
        by_type.setdefault(int, _number)

    def union(plain: Any) -> Any:
        convert = by_type.get(class_of(plain)) or _tagged(plain, by_kind)
        return convert(plain)

    return union


def _tagged(plain: Any, by_kind: dict[str, Convert]) -> Convert:
    kind = _object(plain, "an object with a kind" if by_kind else "another shape").get("kind")
    convert = by_kind.get(kind) if isinstance(kind, str) else None
    if convert is None:
        raise ShapeError(f"kind {kind!r} is none of {', '.join(by_kind)}")
    return convert


def _written_as(hint: Any) -> Any:
    """Return the class of the plain form of a value of this type."""
    kept = kept_as(hint)
    if issubclass(kept, StrEnum):
        return str
    plain: dict[type[Any], type[Any]] = {tuple: list, MappingProxyType: dict}
    return plain.get(kept, kept)


def _record(cls: type[Any]) -> Convert:
    hints = get_type_hints(cls)
    parts = [
        (
            field.name,
            written_name(field.name),
            decoder(hints[field.name]),
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(cls)
    ]
    wanted = f"an object ({cls.__name__})"

    def record(plain: Any) -> Any:
        found = _object(plain, wanted)
        values: dict[str, Any] = {}
        name = ""
        try:
            for name, written, convert, needed in parts:
                if written in found:
                    values[name] = convert(found[written])
                elif needed:
                    raise ShapeError(f"missing in {cls.__name__}")
        except ShapeError as error:
            raise error.under(f".{name}") from None
        return cls(**values)

    return record
