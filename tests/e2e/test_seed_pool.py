"""A tier of subtests on one account: its window closes twice, and the reason lies in ``.failed``."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.night import Night
from tests.e2e.runners.api import Answer, Call, serving
from tests.e2e.runners.runs import Run
from tests.e2e.seeds import failed, launches, report, runner, summary, why
from tests.support import until_sync

pytestmark = pytest.mark.timeout(300)

PACIFIC = ZoneInfo("America/Los_Angeles")
CLOSED_S, LONGER_S = (12, 5), 3
SLOW, CAUGHT, CRASHED = "T5/02", "T5/03", "T5/06"
FIRST = ("T5/01", SLOW, "T5/03", "T5/04")


class TwiceClosed:
    """Closed for some seconds and, as one worker hears late, some more; later once again."""

    def __init__(self) -> None:
        self.opens_at: list[float] = []
        self.refused: list[Call] = []
        self.served: list[str] = []
        self._changed = threading.Condition()

    def __call__(self, call: Call) -> Answer:
        with self._changed:
            return self._answer(call)

    def _answer(self, call: Call) -> Answer:
        if call.path == "/ping":
            return self._no() if self._is_closed() else (200, "pong")
        if call.task == CRASHED and call.attempt == 1:
            return 500, ""
        if call.task == SLOW and call.attempt == 1:
            self._changed.wait_for(lambda: len(self.refused) == 3, timeout=60)
            self.opens_at[0] += LONGER_S
        elif not self.opens_at or (len(self.served) >= 4 and len(self.opens_at) == 1):
            self.opens_at.append(float(int(time.time()) + CLOSED_S[len(self.opens_at)]))
        if self._is_closed():
            self.refused.append(call)
            self._changed.notify_all()
            return self._no()
        self.served.append(call.task)
        return 200, "fine"

    def _is_closed(self) -> bool:
        return bool(self.opens_at) and time.time() < self.opens_at[-1]

    def _no(self) -> Answer:
        clock = datetime.fromtimestamp(self.opens_at[-1], PACIFIC).strftime("%-I:%M:%S%p").lower()
        return 429, f"You've hit your limit · resets {clock} (America/Los_Angeles)"

    def opened(self, which: int) -> float:
        """Return when the window opened, on the machine's monotonic clock."""
        return self.opens_at[which] - time.time() + time.monotonic()


def tier() -> str:
    lines = [
        "batch: night",
        "limit: claude",
        f'limits: {{claude: {{preflight: "{runner("ping.py")}"}}}}',
        "retry: {attempts: 2, base: 200ms, factor: 1, cap: 1s, jitter: 0s..50ms}",
        "groups:",
        "  T5:",
        "    parallel: 4",
        "    sources:",
        '      - "results/T5/{n}/**/.failed/**/result.json"',
        '      - "results/T5/{n}/result.json"',
        "    tasks:",
    ]
    for number in range(1, 11):
        task = f"T5/{number:02}"
        words = f"{runner('pool.py')} {{n}}" + " caught" * (task == CAUGHT)
        lines.append(f'      - {{id: "{{n}}", for: {{n: ["{number:02}"]}}, run: "{words}"}}')
    return "\n".join(lines) + "\n"


def test_all_pause_and_go_on_together_twice_and_only_the_rest_runs_again(night: Night) -> None:
    account = TwiceClosed()
    with serving(account) as api:
        night.environment["API"] = api.url
        night.write(tier())
        night.detach()
        until_sync(lambda: len(account.refused) == 4, timeout_s=30)
        until_sync(lambda: night.phases()[SLOW] == "held")
        held_as_long_as_stated_last(night, account)
        night.overnight("wait", "night", code=0)
        pings = len(api.asked("/ping"))
    found = launches(night)
    refusals = Counter(call.task for call in account.refused)
    assert {task: len(tries) for task, tries in found.items()} == {
        task: 1 + refusals[task] + (task == CRASHED) for task in found
    }
    assert len(found) == 10
    assert len(account.opens_at) == 2
    assert {call.task for call in account.refused[:4]} == set(FIRST)
    nobody_began_while_it_was_closed(account, found)
    assert pings == 3, "before the tier, and after each pause"
    told(night)


def held_as_long_as_stated_last(night: Night, account: TwiceClosed) -> None:
    (limit,) = night.status()["limits"]
    assert 2 <= limit["held_until"] - account.opens_at[0] < 4, "what was stated, and slack"
    until = datetime.fromtimestamp(limit["held_until"], UTC).isoformat(timespec="seconds")
    until_sync((night.state / "batch_summary.json").exists)
    until_sync(lambda: summary(night)["rate_limit_until"] == until)
    assert summary(night)["pause_count"] == 1, "the second was met within the first"


def nobody_began_while_it_was_closed(account: TwiceClosed, found: dict[str, list[Run]]) -> None:
    begun = [run for tries in found.values() for run in tries]
    before = {run.task for run in begun if run.began_at < account.opened(0)}
    assert before == set(FIRST)
    again = max(call.at for call in account.refused)
    assert account.refused[4:], "the window was to close again"
    assert not [run for run in begun if again + 0.5 < run.began_at < account.opened(1)]


def told(night: Night) -> None:
    found = summary(night)
    assert (found["pause_count"], found["rate_limit_until"]) == (2, None)
    assert found["waited_s"] > 10
    first, second = found["pauses"]
    assert first["to"] < second["from"]
    assert first["waited_s"] + second["waited_s"] == pytest.approx(found["waited_s"], abs=0.2)
    (cost,) = night.status()["limit_costs"]
    assert (cost["limit"], cost["pauses"]) == ("claude", 2)
    assert "| claude | 2 |" in report(night)
    assert failed(night) == []
    reasons = why(night, FIRST[0])
    assert "usage_window: " in reasons
    assert "(America/Los_Angeles)" in reasons
    assert ".failed/run_01_attempt_01/agent/result.json" in reasons
    assert "exit 0, but it ended in an error" in why(night, CAUGHT)
    assert "pool_crash: " in why(night, CRASHED)
