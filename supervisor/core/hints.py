"""What a type hint means to the codec."""

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, NewType, TypeGuard, Union, get_args, get_origin

Convert = Callable[[Any], Any]

SCALARS: tuple[type, ...] = (str, int, float, bool, NoneType)


def bare(hint: Any) -> Any:
    """Return what a NewType stands for; anything else as it is."""
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    return hint


def members(hint: Any) -> tuple[Any, ...]:
    """Return the members of a union, nested unions and NewTypes opened; empty for anything else."""
    if get_origin(hint) not in (Union, UnionType):
        return ()
    return tuple(
        inner for member in map(bare, get_args(hint)) for inner in (members(member) or (member,))
    )


def is_record(hint: Any) -> TypeGuard[type[Any]]:
    """Tell whether values of this type are dataclass instances."""
    return isinstance(hint, type) and is_dataclass(hint)


def is_mapping(hint: Any) -> bool:
    """Tell whether values of this type are mappings."""
    origin = get_origin(hint)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def class_of(value: object) -> Any:
    """Return the class of ``value``, of which a type checker then assumes nothing."""
    return type(value)


def kept_as(hint: Any) -> Any:
    """Return the class of a value of this type."""
    if get_origin(hint) is Literal:
        return class_of(get_args(hint)[0])
    return MappingProxyType if is_mapping(hint) else get_origin(hint) or hint


def same(value: Any) -> Any:
    """Return ``value``: the conversion that changes nothing."""
    return value


def written_name(name: str) -> str:
    """Return the JSON name of a field; ``kind`` is taken by the class name."""
    return "kind_" if name == "kind" else name
