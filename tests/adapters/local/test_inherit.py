"""What attempts inherit; tried in processes of their own, because it changes the process."""

import json
import os
import subprocess
import sys

SCRIPT = """
import json, os, resource
from dataclasses import asdict
from supervisor.adapters.local.inherit import inherit
os.umask(0o027)
resource.setrlimit(resource.RLIMIT_NOFILE, (200, 400))
first = inherit()
again = inherit()
print(json.dumps(asdict(first) | {
    "environ": dict(first.environ), "same": first is again,
    "limit": resource.getrlimit(resource.RLIMIT_NOFILE), "left": dict(os.environ)}))
"""

ORPHANS = """
import os, subprocess, time
from supervisor.adapters.local.inherit import inherit
from supervisor.adapters.local.procfs import children
assert inherit().adopts_orphans
subprocess.run(["sh", "-c", "sleep 100 &"], check=True)
(orphan,) = children()
os.kill(orphan, 9)
os.waitpid(orphan, 0)
print("adopted")
"""


def run(script: str, **names: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PATH": os.environ["PATH"], **names},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_notes_and_prepares_once() -> None:
    told = json.loads(run(SCRIPT, OVERNIGHT_TASK="outer", KEPT="yes"))
    assert told["same"]
    assert told["nofile_soft"] == 200
    assert told["limit"] == [400, 400]
    assert told["umask"] == "0027"
    assert told["oom_score_adj"] <= 1000
    assert told["environ"]["KEPT"] == "yes"
    assert "OVERNIGHT_TASK" not in told["environ"]
    assert "OVERNIGHT_TASK" not in told["left"]


def test_adopts_orphans() -> None:
    assert run(ORPHANS) == "adopted\n"
