"""A process is its pid, its start and its boot together."""

import subprocess
from pathlib import Path

from supervisor.cli.processes import boot_id, is_alive, start_ticks
from tests.support import until_sync


def test_a_process_lives_until_it_is_dead() -> None:
    process = subprocess.Popen(["sleep", "60"])
    ticks = start_ticks(Path(f"/proc/{process.pid}/stat").read_text())
    assert ticks is not None
    assert is_alive(process.pid, ticks, boot_id())
    assert not is_alive(process.pid, "1", boot_id())
    assert not is_alive(process.pid, ticks, "another")
    process.kill()
    # A zombie is dead, although its pid is still taken.
    until_sync(lambda: not is_alive(process.pid, ticks, boot_id()))
    process.wait()
    assert not is_alive(process.pid, ticks, boot_id())


def test_names_with_brackets_do_not_confuse() -> None:
    fields = " ".join(str(number) for number in range(4, 25))
    assert start_ticks(f"12 (a) b) c) S {fields}") == "22"
    assert start_ticks(f"12 (x) Z {fields}") is None
    assert start_ticks("") is None
    assert start_ticks(None) is None
