"""What only a journal on a disk can do: survive kills, full disks, other engines."""

import multiprocessing
import os
import stat
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from signal import SIGKILL

import pytest

from supervisor.adapters.journal import SqliteJournal
from supervisor.adapters.journal.faults import JournalInUseError
from supervisor.core.models import TaskId
from supervisor.ports import Entry, JournalFullError
from tests.adapters.journal.conftest import A, reloaded
from tests.journals import batch_rows, batch_spec, entry, running


def test_files_are_for_their_owner_only(journal: SqliteJournal, path: Path) -> None:
    journal.commit([entry(1, running("g/a", 1))])
    journal.keep_generation()
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    assert modes == dict.fromkeys(
        ["state.db", "state.db-wal", "state.db.ballast", "state.db.gen-1"], 0o600
    )
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_no_shared_memory_file_is_needed(journal: SqliteJournal, path: Path) -> None:
    """Network file systems have none."""
    journal.commit([entry(1)])
    assert not path.with_name("state.db-shm").exists()


def test_every_commit_is_synced(journal: SqliteJournal) -> None:
    connection = journal._opened()
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_second_user_is_refused(journal: SqliteJournal, path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        words = pool.apply(_load_elsewhere, (path,))
    assert "in use by a running engine" in words


def _load_elsewhere(path: Path) -> str:
    try:
        SqliteJournal(path).load()
    except JournalInUseError as error:
        return str(error)
    return "was let in"


def test_a_large_batch_does_not_keep_a_large_log(path: Path) -> None:
    names = [str(number) for number in range(2000)]
    with closing(SqliteJournal(path)) as journal:
        journal.begin(batch_spec(*names), batch_rows(*names))
        assert path.with_name("state.db-wal").stat().st_size == 0


def test_only_changed_tasks_of_a_spec_are_written(journal: SqliteJournal) -> None:
    connection = journal._opened()
    spec = batch_spec()
    before = connection.total_changes
    journal.save_spec(replace(spec, tasks=(replace(spec.tasks[0], run="x"), *spec.tasks[1:])))
    assert connection.total_changes - before == 2  # the batch's own row and one task


def test_every_acknowledged_commit_outlives_a_kill(path: Path) -> None:
    for round_number in range(5):
        reader, writer = os.pipe()
        child = multiprocessing.get_context("fork").Process(
            target=_commit_for_ever, args=(path, writer, round_number)
        )
        child.start()
        os.close(writer)
        acknowledged = 0
        with os.fdopen(reader, "rb") as lines:
            for line in lines:
                acknowledged = int(line)
                if acknowledged >= 40 * (round_number + 1) + round_number:
                    break
            assert child.pid is not None
            os.kill(child.pid, SIGKILL)
            child.join()
            # Commits that were acknowledged after we stopped reading count too.
            acknowledged = max([acknowledged, *map(int, lines.read().split()[:-1])])
        stored = reloaded(path)
        assert stored.notes == ()
        assert stored.rows.desk is not None
        assert stored.rows.desk.seq >= acknowledged
        assert stored.rows.tasks[A].attempt == stored.rows.desk.seq


def _commit_for_ever(path: Path, acknowledge: int, round_number: int) -> None:
    journal = SqliteJournal(path)
    stored = journal.load()
    if stored is None:
        journal.begin(batch_spec(), batch_rows())
    seq = 0 if stored is None or stored.rows.desk is None else stored.rows.desk.seq
    while True:
        steps = [entry(number, running("g/a", number)) for number in range(seq + 1, seq + 9)]
        journal.commit(steps)
        seq += 8
        os.write(acknowledge, f"{seq}\n".encode())


@pytest.mark.mount
def test_a_full_disk_loses_nothing_and_says_so(small_disk: Path) -> None:
    path = small_disk / "night" / "state.db"
    filler = small_disk / "filler"
    journal = SqliteJournal(path)
    try:
        journal.begin(batch_spec(), batch_rows())
        assert path.with_name("state.db.ballast").stat().st_blocks * 512 >= 8 << 20
        fill(filler)
        committed = _commit_until_full(journal)
        seq = committed + 1
        assert not path.with_name("state.db.ballast").exists()
        assert committed > 8  # the ballast was worth something
        with pytest.raises(JournalFullError):
            journal.keep_generation()
        assert not list(path.parent.glob("*.gen*"))
        filler.unlink()
        journal.commit([_fat(seq)])
        assert path.with_name("state.db.ballast").exists()
    finally:
        journal.close()
    stored = reloaded(path)
    assert stored.notes == ()
    assert stored.rows.tasks[A].attempt == seq


@pytest.mark.mount
def test_closing_on_a_full_disk_is_quiet(small_disk: Path) -> None:
    path = small_disk / "night" / "state.db"
    journal = SqliteJournal(path)
    journal.begin(batch_spec(), batch_rows())
    journal.commit([entry(1, running("g/a", 1))])
    fill(small_disk / "filler")
    path.with_name("state.db.ballast").unlink()
    fill(small_disk / "filler2")
    journal.save_offsets({(TaskId(f"g/{n}" * 50), 1, "stdout"): n for n in range(20_000)})
    journal.close()
    assert reloaded(path).rows.tasks[A].attempt == 1


def _commit_until_full(journal: SqliteJournal) -> int:
    """Return the last step that was written."""
    seq, said = 0, ""
    for seq in count(1):
        try:
            journal.commit([_fat(seq)])
        except JournalFullError as error:
            said = str(error)
            break
    assert "free some space" in said
    return seq - 1


def _fat(seq: int) -> Entry:
    step = entry(seq, running("g/a", seq))
    return replace(step, event='{"kind":"Tick","x":"%s"}' % ("x" * 100_000))


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        size = 1 << 20
        while size >= 512:
            try:
                file.write(b"x" * size)
            except OSError:
                size //= 2
