"""One worker process, seen from its pool."""

import multiprocessing
import pickle
import time

from supervisor.kit.pool_frames import DONE
from supervisor.kit.pool_slot import Slot
from tests.kit.pool_items import act, double
from tests.support import until_sync


def ready_slot() -> Slot:
    slot = Slot(multiprocessing.get_context("forkserver"))
    until_sync(lambda: list(slot.read()) or slot.is_ready)
    return slot


def test_a_worker_gives_back_what_it_has_not_begun() -> None:
    slot = ready_slot()
    slot.give(pickle.dumps(act), 60.0, [(5, pickle.dumps("raise")), (6, pickle.dumps("fine"))])
    ends = []
    until_sync(lambda: ends.extend(slot.read()) or slot.is_idle)
    assert [frame.item for frame in ends] == [5]
    assert list(slot.left) == [6]
    slot.close()
    slot.release()


def test_a_worker_stops_when_its_time_is_over() -> None:
    slot = ready_slot()
    slot.give(pickle.dumps(double), 0.0, [(0, pickle.dumps(1)), (1, pickle.dumps(2))])
    ends = []
    until_sync(lambda: ends.extend(slot.read()) or slot.is_idle)
    assert [(frame.kind, frame.item, pickle.loads(frame.payload)) for frame in ends] == [
        (DONE, 0, 2)
    ]
    slot.close()
    slot.release()


def test_a_worker_at_work_ends_with_its_pipe() -> None:
    slot = ready_slot()
    slot.give(pickle.dumps(act), 60.0, [(0, pickle.dumps("hang"))])
    began = time.monotonic()
    slot.close()
    assert slot.exit_code() == -9
    slot.release()
    assert time.monotonic() - began < 20
