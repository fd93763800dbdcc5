"""The real inspect_ai fails truly against a local server, and ends with exit 0, or never."""

import json
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.night import Night
from tests.sdk.api_server import api_server

pytest.importorskip(
    "inspect_ai", reason="inspect_ai is heavy: make test EXTRAS=dev,runners installs it"
)

INSPECT = Path(sys.executable).with_name("inspect")
HELLO = Path(__file__).with_name("hello.py")

BATCH = f"""
batch: night
parallel: 3
env: {{OPENAI_BASE_URL: "ADDRESS/v1", PYTHONPATH: ""}}
env_file: token.env
retry: {{attempts: 2, base: 300ms, factor: 1, cap: 1s, jitter: 0s..100ms}}
run: {INSPECT} eval hello.py --model openai/{{model}}
limits:
  login: {{refresh: {{run: "echo OPENAI_API_KEY=fresh > token.env", timeout: 5s}}}}
groups:
  login: {{limit: login, tasks: [{{id: "{{model}}", for: {{model: [auth]}}}}]}}
  refused: {{tasks: [{{id: "{{model}}", for: {{model: [auth-always]}}}}]}}
  money: {{tasks: [{{id: "{{model}}", for: {{model: [quota-always]}}}}]}}
  silent:
    stall: {{quiet: 10s, action: restart}}
    tasks: [{{id: "{{model}}", for: {{model: [overloaded-always, reset-always]}}}}]
  other: {{tasks: [{{id: "{{model}}", for: {{model: [missing-always, rate-8s, fine]}}}}]}}
"""

EXPECTED = {
    "auth": ("succeeded", 2, None, ""),
    "auth-always": (
        "held",
        2,
        "auth",
        "login refused or expired: openai.AuthenticationError: Error code: 401",
    ),
    "quota-always": ("held", 1, "quota", "Error code: 429 - You exceeded your current quota"),
    "missing-always": ("failed", 1, "bad_request", "openai.NotFoundError: Error code: 404"),
    "overloaded-always": ("failed", 2, "stalled", "the last for InternalServerError 503"),
    "reset-always": ("failed", 2, "stalled", "the last for APIConnectionError"),
    "rate-8s": ("succeeded", 1, None, ""),
    "fine": ("succeeded", 1, None, ""),
}
"""Phase, attempts, class, and words of the cause."""


@pytest.fixture
def night(tmp_path: Path, own_home: Path) -> Generator[Night]:
    night = Night(tmp_path, own_home)
    # The control sockets of inspect lie there, and a socket's path must be short.
    data = tempfile.mkdtemp(prefix="ov")
    night.environment["XDG_DATA_HOME"] = data
    shutil.copy(HELLO, tmp_path)
    (tmp_path / "token.env").write_text("OPENAI_API_KEY=stale\n")
    with api_server() as base:
        night.write(BATCH.replace("ADDRESS", base))
        try:
            yield night
        finally:
            night.stop()
            shutil.rmtree(data)


@pytest.mark.timeout(600)
def test_each_weather_ends_with_its_class_line_and_action(night: Night) -> None:
    said = night.overnight(
        "run", "night.yaml", "--headless", "--max-wait", "60s", code=2, timeout_s=500
    ).stdout
    rows: dict[str, Any] = {row["task"].partition("/")[2]: row for row in night.status()["tasks"]}
    assert set(rows) == set(EXPECTED)
    for model, (phase, attempts, error_class, words) in EXPECTED.items():
        row = rows[model]
        told = night.overnight("why", row["task"], code=0).stdout
        context = f"{model}\n{told}\n{said}"
        assert (row["phase"], row["attempt"]) == (phase, attempts), context
        if error_class is not None:
            assert row["class"] == error_class, context
            assert words in row["cause"], context
    _check_what_was_done(night)


def _check_what_was_done(night: Night) -> None:
    tasks = night.state / "tasks"
    for task in ("login/auth", "money/quota-always", "other/missing-always"):
        assert (tasks / task / "attempt-1/exit").read_text().split() == ["exit=0"], task
    again = json.loads((tasks / "login/auth/attempt-2/spec.json").read_text())["argv"][-1]
    assert f"{INSPECT} eval-retry {night.place}/logs/" in again
    needs = {entry["what"]: entry for entry in night.status()["needs_you"]}
    assert "overnight resume money" in needs["money"]["command"]
    assert "You exceeded your current quota" in needs["money"]["why"]
    errors = (tasks / "other/missing-always/error.log").read_text()
    assert "openai.NotFoundError: Error code: 404" in errors
