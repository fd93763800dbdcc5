"""Real SDKs fail truly against a local server, and a batch deals with each as its class says."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.night import Night
from tests.sdk.api_server import api_server

pytest.importorskip("openai")
pytest.importorskip("anthropic")

CALL = Path(__file__).with_name("call.py")
FAULTS = ("rate", "error500", "overloaded", "slow", "reset", "missing", "fine")

CLASS_AND_END = {
    "auth": ("auth", "succeeded"),
    "rate": ("rate_limit", "succeeded"),
    "error500": ("server_error", "succeeded"),
    "overloaded": ("server_error", "succeeded"),
    "slow": ("network", "succeeded"),
    "reset": ("network", "succeeded"),
    "missing": ("bad_request", "failed"),
    "fine": (None, "succeeded"),
    "quota": ("quota", "held"),
}


def _batch(base: str, sdk: str) -> str:
    return f"""
batch: night
env: {{BASE_URL: "{base}", TOKEN_FILE: token, PYTHONPATH: ""}}
retry: {{attempts: 2, base: 300ms, factor: 2, cap: 1s, jitter: 0s..100ms}}
limits:
  login: {{refresh: {{run: "echo fresh > token", timeout: 5s}}}}
run: {sys.executable} {CALL} {sdk} {{model}} {sdk}-{{model}}
groups:
  login: {{limit: login, tasks: [{{id: "{{model}}", for: {{model: [auth]}}}}]}}
  money: {{tasks: [{{id: "{{model}}", for: {{model: [quota]}}}}]}}
  other: {{tasks: [{{id: "{{model}}", for: {{model: [{", ".join(FAULTS)}]}}}}]}}
"""


@pytest.mark.timeout(180)
@pytest.mark.parametrize("sdk", ["openai", "anthropic"])
def test_every_fault_is_named_and_dealt_with(tmp_path: Path, own_home: Path, sdk: str) -> None:
    night = Night(tmp_path, own_home)
    (tmp_path / "token").write_text("stale\n")
    with api_server() as base:
        night.write(_batch(base, sdk))
        try:
            night.run("--max-wait", "30s", code=2)
            _check(night, sdk)
        finally:
            night.stop()


def _check(night: Night, sdk: str) -> None:
    document = night.status()
    rows: dict[str, Any] = {row["task"].partition("/")[2]: row for row in document["tasks"]}
    assert set(rows) == set(CLASS_AND_END)
    for model, (error_class, phase) in CLASS_AND_END.items():
        told = night.overnight("why", rows[model]["task"], code=0).stdout
        assert rows[model]["phase"] == phase, (sdk, model, told)
        if error_class is not None:
            assert error_class in told, (sdk, model, told)
        assert rows[model]["attempt"] == (1 if model in {"fine", "missing", "quota"} else 2), (
            model,
            told,
        )
    failed = json.loads(night.overnight("failed", "--json", code=0).stdout)
    assert [(row["task"], row["class"], row["retryable"]) for row in failed] == [
        ("other/missing", "bad_request", False)
    ]
    needs = document["needs_you"]
    assert any(
        "money" in entry["what"] and "overnight resume money" in entry["command"] for entry in needs
    ), needs
