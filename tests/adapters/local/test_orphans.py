"""Children we never started; tried in a process of its own, which may reap as it likes."""

import os
import subprocess
import sys

PRELUDE = """
import os, subprocess, time
from supervisor.adapters.local.inherit import inherit
from supervisor.adapters.local.launching import Launching
from supervisor.adapters.local.orphans import Orphans
from supervisor.adapters.local.procfs import children, process, Ident
inherit()

def until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)

def orphan(script, session=True):
    started = subprocess.run(["sh", "-c", f"({script}) >/dev/null 2>&1 & echo $!; echo $$"],
        start_new_session=session, capture_output=True, text=True, check=True).stdout.split()
    return int(started[0]), int(started[1])
"""


def run(script: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + script],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_living_member_of_an_ended_session_is_left() -> None:
    run("""
orphans = Orphans(Launching())
pid, session = orphan("exec sleep 100")
assert orphans.left_by({session}, {session}, 0.0)
assert not orphans.left_by({1}, {session}, 0.0)
os.kill(pid, 9)
until(lambda: not orphans.left_by({session}, (), 0.0))
until(lambda: not (orphans.left_by({session}, (), 0.0) or children()))
""")


def test_a_stranger_is_left_until_it_is_explained() -> None:
    run("""
orphans = Orphans(Launching())
pid, session = orphan("exec sleep 100")
assert orphans.left_by({1}, {2}, 5.0)
orphans.explained({"ref": []}, 4.0)
assert orphans.left_by({1}, {2}, 6.0)
orphans.explained({"ref": [process(pid)]}, 7.0)
assert orphans.left_by({1}, {2}, 8.0)
orphans.explained({"ref": []}, 9.0)
assert not orphans.left_by({1}, {2}, 10.0)
os.kill(pid, 9)
""")


def test_a_dead_stranger_is_reaped_after_a_while() -> None:
    run("""
orphans = Orphans(Launching())
pid, session = orphan("sleep 0.3")
until(lambda: process(pid).dead)
assert not orphans.left_by({1}, (), 100.0)
assert process(pid).dead
assert not orphans.left_by({1}, (), 104.0)
assert process(pid).dead
assert not orphans.left_by({1}, (), 106.0)
assert process(pid) is None
""")


def test_our_own_children_are_nobodys_business() -> None:
    run("""
plain = subprocess.Popen(["true"])
shim = subprocess.Popen(["sleep", "100"], start_new_session=True)
launching = Launching()
launching.name(shim.pid)
orphans = Orphans(launching)
until(lambda: process(plain.pid).dead)
for now in (0.0, 100.0):
    assert not orphans.left_by({1}, (), now)
assert plain.wait() == 0
shim.kill()
shim.wait()
""")


def test_a_shim_without_a_name_is_no_stranger() -> None:
    run("""
launching = Launching()
orphans = Orphans(launching)
assert orphans.left_by({1}, (), 0.0) is False
with launching.one():
    shim = subprocess.Popen(["sleep", "100"], start_new_session=True)
    assert orphans.left_by({1}, (), 0.0) is None
    assert orphans.left_by({shim.pid}, (), 0.0) is True
    launching.name(shim.pid)
    assert orphans.left_by({1}, (), 0.0) is False
launching.known(shim.pid)
assert orphans.left_by({1}, (), 0.0) is True
shim.kill()
shim.wait()
""")
