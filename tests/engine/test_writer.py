"""Journal calls run one after another in one thread; a full disk is a word, not an error."""

import threading
from collections.abc import Sequence

import pytest

from supervisor.core.batch import Rows
from supervisor.core.models import BatchSpec
from supervisor.engine.writer import Writer
from supervisor.ports import Entry
from tests.fakes.journal import MemoryJournal

SPEC = BatchSpec(name="b", directory="/d", source="/s", groups=(), tasks=())


def entry(seq: int) -> Entry:
    return Entry(seq=seq, at=0.0, event="{}", rows=Rows())


async def test_calls_share_one_thread_that_is_not_ours() -> None:
    writer = Writer(MemoryJournal())
    names = [await writer.call(lambda _: threading.current_thread().name) for _ in range(3)]
    assert len(set(names)) == 1
    assert names[0] != threading.current_thread().name
    await writer.close()


async def test_a_full_disk_is_told_and_the_same_commit_works_later() -> None:
    journal = MemoryJournal()
    writer = Writer(journal)
    journal.begin(SPEC, Rows())
    journal.shelf.full = True
    assert await writer.commit((entry(1),), None) is not None
    journal.shelf.full = False
    assert await writer.commit((entry(1),), None) is None
    assert [one.seq for one in journal.shelf.entries] == [1]
    await writer.close()


async def test_a_new_spec_is_stored_with_the_commit() -> None:
    journal = MemoryJournal()
    writer = Writer(journal)
    journal.begin(SPEC, Rows())
    other = BatchSpec(name="c", directory="/d", source="/s", groups=(), tasks=())
    await writer.commit((entry(1),), other)
    assert journal.shelf.spec == other
    await writer.close()


async def test_any_fault_of_the_journal_is_told_so_that_it_is_tried_again() -> None:
    writer = Writer(MemoryJournal())  # nothing was begun, so no commit can be taken
    assert await writer.commit((entry(1),), None) is not None
    await writer.close()


async def test_our_own_mistakes_are_raised() -> None:
    class Mistaken(MemoryJournal):
        def commit(self, entries: Sequence[Entry]) -> None:
            raise ZeroDivisionError

    writer = Writer(Mistaken())
    with pytest.raises(ZeroDivisionError):
        await writer.commit((entry(1),), None)
    await writer.close()
