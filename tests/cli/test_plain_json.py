"""JSON without the package reads what the package reads."""

import builtins
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.cli.plain_json import dumps, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_it_reads_what_json_writes(value: object) -> None:
    assert loads(json.dumps(value)) == value
    assert loads(b" \n" + json.dumps(value, indent=2).encode()) == value
    assert json.loads(dumps(value)) == value


def test_constants() -> None:
    assert math.isnan(loads("NaN"))
    assert loads("[-Infinity]") == [-math.inf]


@pytest.mark.parametrize("text", ["", "{", "nope", "[1,", '{"a"}', '"'])
def test_what_is_no_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the package's own words
        loads(text)


def test_without_the_scanner_the_package_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def refused(name: str, *rest: Any) -> object:
        if name == "_json":
            raise ImportError(name)
        return load(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refused)
    assert loads('{"a": 1}') == {"a": 1}
