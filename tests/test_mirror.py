"""The tests mirror the package: whoever looks for the test of a module knows where it is."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "supervisor"


def does_something(path: Path) -> bool:
    """Tell whether a module has a function with a body; facts, protocols and errors have none."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name != "__init__":
            body = [
                one
                for one in node.body
                if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
            ]
            if body:
                return True
    return False


MODULES = [
    path.relative_to(PACKAGE)
    for path in sorted(PACKAGE.rglob("*.py"))
    if "_data" not in path.parts and path.name != "__init__.py" and does_something(path)
]


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_each_module_has_its_test(module: Path) -> None:
    assert (ROOT / "tests" / module.parent / f"test_{module.name}").exists()


def test_modules_stay_small() -> None:
    long = {
        str(path.relative_to(PACKAGE)): lines
        for path in PACKAGE.rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 300
    }
    assert not long, "ask what second thing lives there"
