"""What README shows of the kit runs as it stands there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sdk.batch_server import batch_server

ROOT = Path(__file__).parents[2]
SECTION = "### Batches that fail"


def blocks() -> list[str]:
    """Return the Python of the section."""
    section = (ROOT / "README.md").read_text().partition(SECTION)[2].partition("\n## ")[0]
    return [part.partition("```")[0] for part in section.split("```python\n")[1:]]


def run(place: Path, code: str, **environment: str) -> str:
    script = place / "runner.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, script.name],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def recorded(place: Path) -> dict[str, object]:
    rows = map(json.loads, (place / "runner.results.jsonl").read_text().splitlines()[1:])
    return {row["item"]: row["result"] for row in rows}


def test_the_executor(tmp_path: Path) -> None:
    run(tmp_path, blocks()[0])
    assert recorded(tmp_path) == {f"q{number}": {"answer": f"Q{number}"} for number in (1, 2, 3)}


def test_the_pool(tmp_path: Path) -> None:
    said = run(tmp_path, blocks()[1])
    assert sorted(said.split("\n")) == ["", "1 done ", "2 done ", "3 done "]
    assert recorded(tmp_path) == {"1": {"score": 1}, "2": {"score": 0}, "3": {"score": 1}}


def test_the_batch_api(tmp_path: Path) -> None:
    pytest.importorskip("openai")
    code = blocks()[2].replace("poll_interval=30", "poll_interval=0.01")
    code = code.replace("gpt-4o-mini", "flaky")
    with batch_server() as (base, state):
        run(tmp_path, code, OPENAI_BASE_URL=f"{base}/v1", OPENAI_API_KEY="k")
    assert [len(ids) for ids in state.sent] == [3, 3]
    stage = json.loads((tmp_path / "manifest.json").read_text())["failed_requests"]["sums"]
    assert stage["stage_1"]["recovered_by_retry"] == 3


def test_the_examples_are_there() -> None:
    for name in ("study", "staged", "subtests"):
        for kind in ("py", "yaml"):
            assert (ROOT / "configs" / "examples" / f"{name}.{kind}").is_file()
