"""Batches are found, and an engine is put together from no more than it needs."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.bootstrap import find_batches
from supervisor.core.options import RunOptions
from supervisor.engine.announce import EngineInfo, announce
from supervisor.engine.launch import write_launch
from tests.engine.batches import ONCE, spec_of

ENGINE = EngineInfo(
    pid=1,
    start_time=0,
    boot_id="another",
    host="another",
    api=1,
    version="0",
    socket="/nowhere",
    uuid="1" * 32,
    batch="night",
    directory="",
    source="night.yaml",
    started_at=1.0,
)


def test_batches_are_found_newest_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_batches() == []
    old = replace(ENGINE, directory=str(tmp_path))
    new = replace(old, uuid="2" * 32, started_at=2.0)
    announce(old, tmp_path)
    announce(new, tmp_path)
    (tmp_path / ".local/state/overnight/batches/broken.json").write_text("{")
    assert find_batches() == [(new, False), (old, False)]


def test_an_engine_never_loads_what_only_clients_need(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    spec = spec_of("g/a", directory=str(tmp_path / "night"), retry=ONCE)
    write_launch(spec, RunOptions())
    script = (
        "import sys, json; from pathlib import Path; from supervisor.bootstrap import run_engine;"
        f"run_engine(Path({spec.directory!r}), None);"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert "supervisor" in loaded
    assert not loaded & {"pydantic", "ruamel", "rich", "textual", "watchfiles", "psutil", "yaml"}
