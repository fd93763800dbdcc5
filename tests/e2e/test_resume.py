"""How a second run goes on, whatever happened to the first."""

import os
import shutil
from collections import Counter

import pytest

from tests.e2e.night import Night, batch
from tests.support import until_sync

GOOD_AND_BAD = {"g": {"one": "true", "two": "true", "bad": "exit 3"}}


def test_finished_batch_has_nothing_to_do(night: Night) -> None:
    night.write(batch({"g": {"one": "true", "two": "true"}}))
    night.run(code=0)
    said = night.run(code=0)
    assert "nothing to do" in said
    assert sorted(night.starts()) == ["g/one", "g/two"]


def test_failed_tasks_are_skipped_unless_asked(night: Night) -> None:
    night.write(batch(GOOD_AND_BAD))
    night.run(code=1)
    assert Counter(night.starts()) == {"g/one": 1, "g/two": 1, "g/bad": 2}
    said = night.run(code=1)
    assert "--retry-errors" in said
    assert Counter(night.starts())["g/bad"] == 2


def test_retry_errors_runs_only_the_failed_again(night: Night) -> None:
    night.write(batch({"g": {"one": "true", "bad": "test -e cured"}}))
    night.run(code=1)
    (night.place / "cured").touch()
    night.run("--retry-errors", code=0)
    assert Counter(night.starts()) == {"g/one": 1, "g/bad": 3}


def test_force_with_filter_runs_a_succeeded_task_again(night: Night) -> None:
    night.write(batch({"g": {"one": "true", "two": "true"}}))
    night.run(code=0)
    night.run("--force", "--filter", "g/one", code=0)
    assert Counter(night.starts()) == {"g/one": 2, "g/two": 1}


def test_fresh_moves_the_old_state_aside(night: Night) -> None:
    night.write(batch(GOOD_AND_BAD))
    night.run(code=1)
    night.run("--fresh", code=1)
    assert Counter(night.starts()) == {"g/one": 2, "g/two": 2, "g/bad": 4}
    old = [path for path in night.state.parent.iterdir() if path.name.startswith("night.old-")]
    assert len(old) == 1
    assert (old[0] / "state.db").exists()


def test_changed_command_of_a_finished_task_is_refused(night: Night) -> None:
    night.write(batch({"g": {"one": "true", "two": "true"}}))
    night.run(code=0)
    night.write(batch({"g": {"one": "true", "two": "true && true"}}))
    said = night.run(code=1)
    assert "g/two" in said
    assert "--keep" in said
    assert "--force" in said
    night.run("--keep", code=0)
    assert Counter(night.starts()) == {"g/one": 1, "g/two": 1}
    night.write(batch({"g": {"one": "true", "two": "true && true && true"}}))
    night.run("--force", code=0)
    assert night.starts().count("g/two") == 2


def test_removed_task_is_not_run_and_new_one_is(night: Night) -> None:
    night.write(batch({"g": {"one": "true", "two": "true"}}))
    night.run(code=0)
    night.write(batch({"g": {"one": "true", "three": "true"}}))
    night.run(code=0)
    assert Counter(night.starts()) == {"g/one": 1, "g/two": 1, "g/three": 1}


def test_parallelism_and_retry_may_differ(night: Night) -> None:
    night.write(batch({"g": {"one": "true"}}))
    night.run(code=0)
    night.write(
        batch({"g": {"one": "true"}}, top="parallel: 9").replace("attempts: 2", "attempts: 7")
    )
    assert "nothing to do" in night.run(code=0)


@pytest.mark.parametrize("damage", ["header", "middle", "empty"])
def test_corrupt_state_is_moved_aside_and_nothing_succeeded_runs_twice(
    night: Night, damage: str
) -> None:
    night.write(batch({"g": {f"t{n}": "true" for n in range(20)}}))
    night.run(code=0)
    database = night.state / "state.db"
    size = database.stat().st_size
    for sidecar in ("state.db-wal", "state.db-shm"):
        (night.state / sidecar).unlink(missing_ok=True)
    with database.open("r+b") as file:
        if damage == "empty":
            file.truncate(0)
        else:
            file.seek(0 if damage == "header" else size // 2)
            file.write(os.urandom(8192))
    said = night.run(code=0)
    assert Counter(night.starts()) == {f"g/t{n}": 1 for n in range(20)}, said
    if damage != "empty":
        assert any(path.name.startswith("state.db.corrupt-") for path in night.state.iterdir()), (
            said
        )
    assert "state.db" in said


def test_torn_exit_record_is_no_record(night: Night) -> None:
    night.write(batch({"g": {"slow": "sleep 1; exit 0"}}))
    night.detach()
    until_sync(lambda: night.starts() == ["g/slow"])
    night.kill_engine()
    record = night.state / "tasks/g/slow/attempt-1/exit"
    until_sync(lambda: record.read_bytes().strip(b"\0 \n") != b"")
    whole = record.read_bytes()
    record.write_bytes(whole[:3])
    night.run(code=0)
    assert night.starts() == ["g/slow", "g/slow"]
    assert "lost" in night.overnight("why", "g/slow", code=0).stdout


def test_second_engine_is_refused_with_the_way_in(night: Night) -> None:
    night.write(batch({"g": {"slow": "sleep 60"}}))
    pid = night.detach()
    said = night.overnight("run", "night.yaml", "--detach", "--fresh")
    assert said.returncode == 1
    assert str(pid) in said.stdout + said.stderr
    assert "overnight attach" in said.stdout + said.stderr


@pytest.mark.mount
def test_full_disk_loses_nothing(night: Night) -> None:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small file system needs root")
    os.system(f"mount -t tmpfs -o size=24m tmpfs '{night.place}'")
    try:
        night.write(batch({"g": {f"t{n}": "sleep 0.3" for n in range(12)}}, top="parallel: 2"))
        night.detach()
        until_sync(lambda: len(night.starts()) >= 2)
        filler = night.place / "filler"
        with filler.open("wb") as file:
            try:
                while True:
                    file.write(b"x" * 65536)
                    file.flush()
            except OSError:
                pass
        until_sync(lambda: "space" in night.overnight("status").stdout, timeout_s=40)
        filler.unlink()
        night.overnight("wait", "night", code=0)
        assert set(Counter(night.starts()).values()) == {1}
        assert len(night.starts()) == 12
    finally:
        night.stop()
        os.system(f"umount -l '{night.place}'")
