"""Dataclasses to plain JSON values and back, by their type hints; for the journal and the socket.

A member of a union is written as an object with its class name as ``kind``; a field that is itself
called ``kind`` is written ``kind_``. Fields that a file does not have take their defaults, and
fields it has too many are ignored, so that files of older versions load.
"""

import json
from typing import Any, TypeVar, overload

from supervisor.core.decoding import ShapeError, decoder
from supervisor.core.encoding import encoder
from supervisor.core.hints import class_of, is_record

__all__ = ["ShapeError", "decode", "dumps", "encode", "loads"]

T = TypeVar("T")

_WRITER = json.JSONEncoder(separators=(",", ":"), check_circular=False)


def encode(value: Any, hint: Any = None) -> Any:
    """Return ``value`` as plain JSON values.

    Without ``hint`` a dataclass carries its ``kind``, so that it can be decoded as itself and as a
    member of any union; with ``hint`` it is written as a field of that type would be.
    """
    if hint is not None:
        return encoder(hint)(value)
    kind = class_of(value)
    plain = encoder(kind)(value)
    return {"kind": kind.__name__, **plain} if is_record(kind) else plain


@overload
def decode(hint: type[T], plain: object) -> T: ...
@overload
def decode(hint: Any, plain: object) -> Any: ...
def decode(hint: Any, plain: object) -> Any:
    """Return the value of type ``hint`` that ``plain`` stands for.

    Raises:
        ShapeError: it does not fit; a ValueError that names the place.
    """
    return decoder(hint)(plain)


def dumps(value: Any, hint: Any = None) -> str:
    """Return ``value`` as one line of JSON in ASCII; ``hint`` as in ``encode``."""
    return _WRITER.encode(encode(value, hint))


@overload
def loads(hint: type[T], text: str | bytes) -> T: ...
@overload
def loads(hint: Any, text: str | bytes) -> Any: ...
def loads(hint: Any, text: str | bytes) -> Any:
    """Return the value of type ``hint`` that the JSON ``text`` stands for.

    Raises:
        ValueError: the text is no JSON, or (ShapeError) does not fit.
    """
    try:
        plain: object = json.loads(text)
    except RecursionError:
        raise ShapeError("nested too deeply") from None
    return decode(hint, plain)
