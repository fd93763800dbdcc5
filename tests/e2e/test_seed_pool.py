"""A tier of subtests on one account: its window closes twice, and the reason lies in ``.failed``."""

import time
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.e2e.night import Night
from tests.e2e.runners.api import Answer, Call, serving
from tests.e2e.runners.runs import Run
from tests.e2e.seeds import failed, launches, live_at, report, runner, summary, why
from tests.support import until_sync

PACIFIC = ZoneInfo("America/Los_Angeles")
BEFORE_FOUR = "2026-01-09T15:59:46-08:00"
FOUR = datetime(2026, 1, 9, 16, tzinfo=PACIFIC).timestamp()
LONGER_S = 3
SLOW, CRASHED = "T5/02", "T5/06"
FIRST = ("T5/01", SLOW, "T5/03", "T5/04")


class TwiceClosed:
    """Closed until four and, as one hears late, some seconds more; later in the night once again."""

    def __init__(self, ahead_s: float) -> None:
        self.ahead_s = ahead_s
        self.opens_at = [FOUR]
        self.refused: list[Call] = []
        self.served: list[str] = []

    def __call__(self, call: Call) -> Answer:
        now = time.time() + self.ahead_s
        if call.path == "/ping":
            closed = self.refused and now < self.opens_at[-1]
            return self._no() if closed else (200, "pong")
        if call.task == CRASHED and call.attempt == 1:
            return 500, ""
        if call.task == SLOW and call.attempt == 1:
            self.opens_at = [FOUR + LONGER_S]
        if len(self.served) >= 4 and len(self.opens_at) == 1:
            self.opens_at.append(int(now) + 4.0)
        if now < self.opens_at[-1]:
            self.refused.append(call)
            return self._no()
        self.served.append(call.task)
        return 200, "fine"

    def _no(self) -> Answer:
        at = datetime.fromtimestamp(self.opens_at[-1], PACIFIC)
        clock = "4pm" if self.opens_at[-1] == FOUR else at.strftime("%-I:%M:%S%p").lower()
        return 429, f"You've hit your limit · resets {clock} (America/Los_Angeles)"

    def opened(self, which: int) -> float:
        """Return when the window opened, on the machine's monotonic clock."""
        return self.opens_at[which] - self.ahead_s - time.time() + time.monotonic()


def tier() -> str:
    lines = [
        "batch: night",
        "limit: claude",
        f'limits: {{claude: {{preflight: "{runner("ping.py")}"}}}}',
        "retry: {attempts: 2, base: 200ms, factor: 1, cap: 1s, jitter: 0s..50ms}",
        "groups:",
        "  T5:",
        "    parallel: 4",
        '    sources: ["results/T5/{n}/**/.failed/**/result.json"]',
        "    tasks:",
    ]
    for number in range(1, 11):
        nap = 4 if f"T5/{number:02}" == SLOW else 0
        words = f"{runner('pool.py')} {{n}} {nap}"
        lines.append(f'      - {{id: "{{n}}", for: {{n: ["{number:02}"]}}, run: "{words}"}}')
    return "\n".join(lines) + "\n"


def test_all_pause_and_go_on_together_twice_and_only_the_rest_runs_again(night: Night) -> None:
    account = TwiceClosed(live_at(night, BEFORE_FOUR))
    with serving(account) as api:
        night.environment["API"] = api.url
        night.write(tier())
        night.detach()
        until_sync(lambda: len(account.refused) == 4, timeout_s=30)
        until_sync(lambda: night.phases()[SLOW] == "held")
        held_as_long_as_stated_last(night)
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


def held_as_long_as_stated_last(night: Night) -> None:
    (limit,) = night.status()["limits"]
    assert FOUR + LONGER_S < limit["held_until"] < FOUR + LONGER_S + 5
    assert "4:00:03pm" in limit["reason"]
    kept = summary(night)
    until = datetime.fromtimestamp(limit["held_until"], UTC).isoformat(timespec="seconds")
    assert kept["rate_limit_until"] == until
    assert kept["pause_count"] == 1, "the second was met within the first"


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
    (cost,) = night.status()["limit_costs"]
    assert (cost["limit"], cost["pauses"]) == ("claude", 2)
    assert "| claude | 2 |" in report(night)
    assert failed(night) == []
    reasons = why(night, FIRST[0])
    assert "usage_window: " in reasons
    assert "resets 4pm (America/Los_Angeles)" in reasons
    assert ".failed/run_01_attempt_01/agent/result.json" in reasons
    assert "pool_crash: " in why(night, CRASHED)
