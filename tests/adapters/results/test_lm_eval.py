"""lm-eval writes its results once, when all is done."""

from pathlib import Path

import pytest

from supervisor.adapters.results.bounded import Unreadable
from supervisor.adapters.results.lm_eval import read
from supervisor.core.models import ResultsSeen
from tests.adapters.results.looks import look, written

GLOBS = ("out/results_*.json", "out/*/results_*.json")


def test_results_prove_success(tmp_path: Path) -> None:
    where = look(tmp_path, *GLOBS)
    assert read(where) == ResultsSeen()
    path = written(
        tmp_path / "out/model/results_2026-01-01T00-00-00.json", '{"results": {"a": {}}}'
    )
    assert read(where) == ResultsSeen(status="success", done=1, total=1, path=str(path))
    written(path, "{}")
    assert read(where).status is None
    written(path, '{"results"')
    with pytest.raises(Unreadable, match="half written"):
        read(where)
