"""Silence of real processes: told by several signs, and ended only where that is wanted."""

import sys

from tests.e2e.night import Night
from tests.support import until_sync

STORM = """
import random, sys, time
print("start", file=open("starts.txt", "a"), flush=True)
while True:
    print(time.strftime("%F %T"), "WARNING retrying in", random.random(), "s", flush=True)
    time.sleep(0.3)
"""
WORKS = """
import time
for n in range(1, 31):
    print(f"{n} of 30 predictions", flush=True)
    time.sleep(0.3)
"""
BATCH = f"""\
batch: night
retry: {{attempts: 2, base: 200ms, jitter: 0s..0s}}
stall: {{quiet: 4s, action: restart}}
groups:
  storm: {{run: [{sys.executable}, storm.py]}}
  marked: {{run: sleep 600, stall: {{action: mark}}}}
  works: {{run: [{sys.executable}, works.py], progress: '(\\d+) of (\\d+) predictions'}}
"""


def test_a_log_that_repeats_itself_is_silence_and_one_that_counts_is_not(night: Night) -> None:
    (night.place / "storm.py").write_text(STORM)
    (night.place / "works.py").write_text(WORKS)
    night.write(BATCH)
    night.detach()

    def rows() -> dict[str, dict[str, object]]:
        return {row["task"].partition("/")[0]: row for row in night.status()["tasks"]}

    until_sync(lambda: rows()["works"]["progress"], timeout_s=30)
    until_sync(lambda: rows()["storm"]["phase"] == "failed", timeout_s=60)
    assert rows()["storm"]["class"] == "stalled"
    assert night.starts() == ["start", "start"]
    told = night.overnight("why", "storm/*", code=0).stdout
    assert "(nothing new in its logs, no CPU, no process came or went)" in told
    assert rows()["marked"]["phase"] == "running", "marked only"
    assert "no sign of life" in night.overnight("why", "marked/*", code=0).stdout
    until_sync(lambda: rows()["works"]["phase"] == "succeeded", timeout_s=30)
    assert rows()["works"]["attempt"] == 1
