"""Benchmarks on one account: its token expires, its servers fail, and the whole command runs again."""

import json
import threading
from collections import Counter

import pytest

from tests.e2e.night import Night
from tests.e2e.runners.api import Answer, Call, serving
from tests.e2e.runners.runs import Run
from tests.e2e.seeds import failed, launches, most_at_once, report, runner, why

pytestmark = pytest.mark.timeout(300)

EXPIRED = 401, "TRAPI: Unauthorized. Invalid or expired token."
FINE = 200, "fine"
BENCHMARKS = ("scicode", "scienceagentbench", "corebench", "colbench", "usaco")
AT_ONCE = 6
LATE = "scicode/s1"
RETRY = "retry: {attempts: 4, base: 200ms, factor: 2, cap: 2s, jitter: 20ms..70ms}"


class Expiring:
    """The first token dies once so many tasks have used it; a login gives one that lives on."""

    def __init__(self, users: int) -> None:
        self._all_there = threading.Barrier(users)
        self._met: set[str] = set()

    def __call__(self, call: Call) -> Answer:
        if call.path == "/token":
            return 200, "token-2"
        if call.token == "token-2":
            return FINE
        if call.task in self._met:
            return EXPIRED
        self._met.add(call.task)
        self._all_there.wait(timeout=60)
        return FINE


def five_benchmarks() -> str:
    lines = [
        "batch: night",
        f"parallel: {AT_ONCE}",
        "limit: trapi",
        RETRY,
        f'limits: {{trapi: {{refresh: "{runner("login.py")}"}}}}',
        "groups:",
    ]
    for name in BENCHMARKS:
        lines += [f"  {name}:", "    tasks:"]
        for task in (f"{name[0]}{number}" for number in range(3)):
            nap = "1.5" if f"{name}/{task}" == LATE else "0.2"
            lines.append(f'      - {{id: {task}, run: "{runner("bench.py")} 2 {nap}"}}')
    return "\n".join(lines) + "\n"


def test_an_expired_token_is_refreshed_once_then_probed_then_ramped(night: Night) -> None:
    (night.place / "msal_token_cache.json").write_text("token-1")
    with serving(Expiring(AT_ONCE)) as api:
        night.environment["API"] = api.url
        night.write(five_benchmarks())
        said = night.run(code=0)
        (login,) = api.asked("/token")
        old = {call.task for call in api.asked("/chat") if call.token == "token-1"}
    found = launches(night)
    assert len(found) == 15
    assert len(old) == AT_ONCE
    assert {task: len(tries) for task, tries in found.items()} == {
        task: 2 if task in old else 1 for task in found
    }
    assert LATE in old
    assert found[LATE][0].ended_at > login.at, "it was to meet the dead token late"
    fresh = [run for tries in found.values() for run in tries if run.began_at > login.at]
    assert len(fresh) == 15
    probed_and_ramped(fresh)
    told(night, said, old)


def probed_and_ramped(fresh: list[Run]) -> None:
    """Check that one ran alone first, and that each success let one more run."""
    for run in fresh:
        succeeded = sum(one.ended_at < run.began_at for one in fresh)
        alive = sum(one.began_at <= run.began_at < one.ended_at for one in fresh)
        assert alive <= min(AT_ONCE, succeeded + 1), run
    assert most_at_once(fresh) >= 3


def told(night: Night, said: str, old: set[str]) -> None:
    assert "limit trapi probing" in said
    status = night.status()
    assert status["needs_you"] == status["limits"] == []
    assert [(one["limit"], one["pauses"]) for one in status["limit_costs"]] == [("trapi", 1)]
    assert failed(night) == []
    for task in old:
        reasons = why(night, task)
        assert "TRAPI: Unauthorized. Invalid or expired token." in reasons
        assert "cost no attempt" in reasons
    assert "6 tasks succeeded after 6 attempts that did not" in report(night)


class Renewing:
    """Only the last three tokens are good."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def __call__(self, call: Call) -> Answer:
        if call.path == "/token":
            self.given.append(f"s3cr3t{len(self.given)}-9f8e7d6c5b4a")
            return 200, self.given[-1]
        return FINE if call.token in self.given[-3:] else EXPIRED


def test_a_token_renewed_in_time_is_never_refused_and_never_stored(night: Night) -> None:
    account = Renewing()
    login = f"{runner('login.py')} --print"
    with serving(account) as api:
        night.environment["API"] = api.url
        night.write(
            "batch: night\nparallel: 2\nlimit: trapi\nlimits:\n  trapi:\n"
            f'    refresh: {{run: "{login}", every: 1s, env: {{TRAPI_TOKEN: stdout}}}}\n'
            f'run: "{runner("bench.py")} 2 0.4"\n'
            'for: {n: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]}\n'
        )
        night.run(code=0)
        used = {call.token for call in api.asked("/chat")}
    assert len(account.given) >= 4, "it was to outlive a token"
    assert len(used) >= 3
    assert set(Counter(map(len, launches(night).values()))) == {1}
    for path in (path for path in night.state.rglob("*") if path.is_file()):
        assert b"s3cr3t" not in path.read_bytes(), path


WEATHER = {
    "limited": (429, "Rate limit reached for requests. Please try again in 1s."),
    "bad_gateway": (502, "Bad Gateway"),
    "unavailable": (503, "The service is temporarily unavailable."),
    "gateway_timeout": (504, "Gateway Timeout"),
}
CLASSES = {
    "limited": "rate_limit",
    "bad_gateway": "server_error",
    "unavailable": "server_error",
    "gateway_timeout": "server_error",
    "refused": "network",
    "slow": "timeout",
}
NOBODY = "http://127.0.0.1:9"


def bad_weather(call: Call) -> Answer:
    group = call.task.partition("/")[0]
    if group == "down":
        return 503, "The service is temporarily unavailable."
    return WEATHER.get(group, FINE) if call.attempt == 1 else FINE


def test_each_error_runs_the_command_again_three_times_at_the_most(night: Night) -> None:
    bench = runner("bench.py")
    lines = ["batch: night", RETRY, "env: {TRAPI_TOKEN: token}", "groups:"]
    lines += [f'  {name}: {{run: "{bench} 1 0"}}' for name in WEATHER]
    refused = f'[ "$OVERNIGHT_ATTEMPT" -gt 1 ] || export API={NOBODY}; {bench} 1 0'
    lines += [
        f"  refused: {{run: '{refused}'}}",
        f'  slow: {{timeout: {{first: 3s, growth: 4}}, run: "{bench} 1 3.5"}}',
        f'  down: {{failed_file: .tmp/down_failed_tasks.json, run: "{bench} 1 0"}}',
    ]
    with serving(bad_weather) as api:
        night.environment["API"] = api.url
        night.write("\n".join(lines) + "\n")
        night.run(code=1)
    found = {task.partition("/")[0]: tries for task, tries in launches(night).items()}
    assert {name: len(tries) for name, tries in found.items()} == dict.fromkeys(CLASSES, 2) | {
        "down": 4
    }
    for name, error_class in CLASSES.items():
        assert f"{error_class}: " in why(night, found[name][0].task), name
    waits = [
        b.began_at - a.ended_at for a, b in zip(found["down"], found["down"][1:], strict=False)
    ]
    for wait_s, least_s in zip(waits, (0.2, 0.4, 0.8), strict=True):
        assert least_s <= wait_s
    limited = found["limited"]
    assert limited[1].began_at - limited[0].ended_at >= 1.0, "it was to wait as long as stated"
    (one,) = failed(night)
    assert (one["class"], one["attempts"], one["retryable"]) == ("server_error", 4, True)
    (entry,) = json.loads((night.place / ".tmp/down_failed_tasks.json").read_text())
    assert (entry["class"], entry["attempts"]) == ("server_error", 4)
    assert "503" in entry["error"]
