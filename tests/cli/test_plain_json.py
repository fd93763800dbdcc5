"""JSON without the package reads what the package reads."""

import builtins
import json
import math
import os
import subprocess
import sys
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


@pytest.mark.parametrize("text", ["{", '{"a": 1, "b', '"', "[1,", '{"a"}', "nope", '"\\x"'])
def test_what_is_no_json_is_so_without_the_package_too(text: str) -> None:
    """The package, once imported, lends the scanner its exception: a process of its own has none."""
    code = (
        "import sys\n"
        "from supervisor.cli.plain_json import loads\n"
        "assert 'json' not in sys.modules\n"
        "try:\n    loads(sys.argv[1])\n"
        "except ValueError:\n    print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code, text],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.stdout == "refused\n", done.stderr


def test_without_the_scanner_the_package_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def refused(name: str, *rest: Any) -> object:
        if name == "_json":
            raise ImportError(name)
        return load(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refused)
    assert loads('{"a": 1}') == {"a": 1}
