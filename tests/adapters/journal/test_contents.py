"""A journal knows where it lay."""

from contextlib import closing
from pathlib import Path

import pytest

from supervisor.adapters.journal import SqliteJournal
from supervisor.adapters.journal.schema import put_meta
from supervisor.ports import JournalError
from tests.adapters.journal.conftest import reloaded


def test_a_copied_directory_says_where_it_was(journal: SqliteJournal, path: Path) -> None:
    journal.close()
    elsewhere = path.parent.with_name("copy")
    elsewhere.mkdir()
    (elsewhere / "state.db").write_bytes(path.read_bytes())
    assert reloaded(path).moved_from is None
    assert reloaded(elsewhere / "state.db").moved_from == str(path.parent)


def test_beginning_again_makes_a_copied_directory_its_own(
    journal: SqliteJournal, path: Path
) -> None:
    journal.close()
    moved = path.parent.rename(path.parent.with_name("moved")) / "state.db"
    with closing(SqliteJournal(moved)) as again:
        stored = again.load()
        assert stored is not None
        assert stored.moved_from == str(path.parent)
        again.begin(stored.spec, stored.rows)
    assert reloaded(moved).moved_from is None


@pytest.mark.parametrize("place", ["{", "[]", '{"path": "/x"}', '{"path": "/x", "inode": null}'])
def test_a_garbled_place_is_damage(journal: SqliteJournal, path: Path, place: str) -> None:
    put_meta(journal._opened(), {"place": place})
    journal.close()
    with closing(SqliteJournal(path)) as again, pytest.raises(JournalError, match="where it lay"):
        again.load()


def test_rows_without_a_spec_are_damage(journal: SqliteJournal, path: Path) -> None:
    journal._opened().execute("DELETE FROM spec")
    journal.close()
    with closing(SqliteJournal(path)) as again, pytest.raises(JournalError, match="is missing"):
        again.load()
