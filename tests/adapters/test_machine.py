"""This machine, looked at for real."""

import os
import threading
from pathlib import Path

from supervisor.adapters.machine import ThisMachine


def test_this_machine_has_cores_memory_and_the_disk_of_a_directory(tmp_path: Path) -> None:
    seen = ThisMachine(lambda: 7.0).look(
        {"state": str(tmp_path), "work": str(tmp_path), "results": str(tmp_path / "none")}
    )
    assert (seen.at, seen.name) == (7.0, os.uname().nodename)
    assert seen.cores >= 1
    assert seen.busy_s is not None
    assert 0 < seen.available_bytes <= seen.mem_bytes
    assert seen.swap_used_bytes <= seen.swap_bytes
    (disk,) = seen.disks
    assert disk.holds == ("state", "work")
    assert str(tmp_path).startswith(disk.path)
    assert Path(disk.path).stat().st_dev == tmp_path.stat().st_dev
    assert 0 < disk.free_bytes <= disk.total_bytes


def test_what_the_engine_itself_uses_is_told() -> None:
    own = ThisMachine().look({}).engine
    assert own.cpu_s > 0
    assert own.rss_bytes > 1 << 20
    assert own.threads is not None
    assert own.files is not None


def test_threads_and_files_of_processes_are_counted_together() -> None:
    machine, stop = ThisMachine(), threading.Event()
    before = machine.processes([os.getpid()])
    thread = threading.Thread(target=stop.wait)
    thread.start()
    with Path(os.devnull).open("rb"):
        after = machine.processes([os.getpid(), os.getpid(), 2**22 + 1])
    stop.set()
    thread.join()
    assert before.threads is not None
    assert before.files is not None
    assert after.threads == 2 * (before.threads + 1)
    assert after.files == 2 * (before.files + 1)
    assert machine.processes([2**22 + 1]).threads is None


def test_its_load_agrees_with_the_whole_look() -> None:
    machine = ThisMachine(lambda: 7.0)
    light, whole = machine.load(), machine.look({})
    assert light.at == 7.0
    assert light.busy_s is not None
    assert whole.busy_s is not None
    assert 0 <= whole.busy_s - light.busy_s < 60
    assert abs(light.mem_share - (1 - whole.available_bytes / whole.mem_bytes)) < 0.2
