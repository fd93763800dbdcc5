"""The kit costs nothing until it is used, and every name of it is there."""

import subprocess
import sys
from pathlib import Path

import pytest

from supervisor import kit

ROOT = Path(__file__).parents[2]


def test_every_name_is_there() -> None:
    for name in kit.__all__:
        assert getattr(kit, name) is not None, name
    assert set(kit.__all__) <= set(dir(kit))
    assert list(kit.__all__) == sorted(set(kit.__all__))
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        kit.nothing  # noqa: B018


def test_no_module_has_the_name_of_something_exported() -> None:
    modules = {path.stem for path in (ROOT / "supervisor" / "kit").glob("*.py")}
    assert not modules & set(kit.__all__)


def test_to_import_it_loads_nothing_else() -> None:
    script = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import importlib
before = set(sys.modules)
import supervisor.kit
print(*sorted(set(sys.modules) - before))
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["supervisor", "supervisor.kit"]


def test_what_is_used_needs_the_standard_library_and_the_core_alone() -> None:
    script = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from supervisor import kit
for name in kit.__all__:
    getattr(kit, name)
kit.classify("Error: 429 Too Many Requests")
names = {{name.partition(".")[0] for name in sys.modules}} - set(sys.stdlib_module_names)
print(*sorted(name for name in names if not name.startswith("_")))
"""
    bare = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run(
        [bare, "-I", "-S", "-B", "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["supervisor"]
