"""What lies in an attempt's directory says the same to each engine."""

from pathlib import Path

import pytest

from supervisor.adapters.docker.records import (
    Claim,
    launched_as,
    read_claim,
    read_end,
    read_logs,
    write_claim,
    write_end,
    write_logs,
    write_spec,
)
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.wish import Wish
from supervisor.ports import Gone, Ref, Try

T = Ref(TaskId("g/a b"), 2)


def test_claims(tmp_path: Path) -> None:
    assert read_claim(tmp_path) is None
    for claim in (Claim("start", "x", "1:2"), Claim("void", "x"), Claim("buried")):
        write_claim(tmp_path, claim)
        assert read_claim(tmp_path) == claim


@pytest.mark.parametrize(
    "end",
    [
        Gone(ref=T, code=3, ended_at=5.5, oom_killed=True),
        Gone(ref=T, code=None, ended_at=1.0, preset=ErrorClass.LOST, cause="gone"),
    ],
)
def test_ends(tmp_path: Path, end: Gone) -> None:
    assert read_end(tmp_path, T) is None
    write_end(tmp_path, end)
    assert read_end(tmp_path, T) == end
    assert (tmp_path / "exit").exists() == (end.code is not None)


def test_log_positions(tmp_path: Path) -> None:
    assert read_logs(tmp_path) == {}
    write_logs(tmp_path, {"stdout": ("1.5", 3)})
    assert read_logs(tmp_path) == {"stdout": ("1.5", 3)}
    (tmp_path / "logs.json").write_text("[1")
    assert read_logs(tmp_path) == {}


def test_what_it_was_launched_as(tmp_path: Path) -> None:
    assert launched_as(tmp_path) is None
    (tmp_path / "spec.json").write_text('{"v": 1}')
    assert launched_as(tmp_path) is False
    plan = Try(ref=T, argv=("a",), cwd="/", env={"TOKEN": "s3cret"}, container=Wish(image="x"))
    write_spec(tmp_path, "u", plan, "overnight-x", ["TOKEN"])
    assert launched_as(tmp_path) is True
    text = (tmp_path / "spec.json").read_text()
    assert '"image": "x"' in text
    assert "s3cret" not in text
