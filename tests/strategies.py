"""Hypothesis strategies for the values that our dataclasses describe."""

from dataclasses import fields
from enum import StrEnum
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from supervisor.core.hints import bare, is_mapping, is_record, members

TEXT = st.text(max_size=12) | st.sampled_from(["", "group/task", "Qwen/Qwen2.5-7B", "a\udc80b"])

_SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**70), 2**70),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    NoneType: st.none(),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for values of type ``hint``."""
    kept = bare(hint)
    if kept in _SCALARS:
        return _SCALARS[kept]
    if members(kept):
        return st.one_of([values(member) for member in members(kept)])
    if get_origin(kept) is Literal:
        return st.sampled_from(get_args(kept))
    if get_origin(kept) is tuple:
        return _tuples(get_args(kept))
    if is_mapping(kept):
        key, value = get_args(kept)
        return st.dictionaries(values(key), values(value), max_size=3)
    if is_record(kept):
        hints = get_type_hints(kept)
        parts = {
            field.name: st.deferred(lambda h=hints[field.name]: values(h)) for field in fields(kept)
        }
        return st.builds(kept, **parts)
    assert issubclass(kept, StrEnum), kept
    return st.sampled_from(kept)


def _tuples(parts: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if parts[1:] == (...,):
        return st.lists(values(parts[0]), max_size=3).map(tuple)
    return st.tuples(*map(values, parts))
