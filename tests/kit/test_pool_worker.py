"""The inside of a worker, without a process: what comes out of its pipe."""

import os
import pickle

from supervisor.kit.pool_frames import DONE, FAILED, RETURNED, UNPICKLABLE, Frames
from supervisor.kit.pool_worker import Given, _Worker
from tests.kit.pool_items import act


def test_each_item_is_a_message_and_the_first_that_fails_ends_the_list() -> None:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    worker, frames = _Worker(writer), Frames(reader)
    for doings, kinds in (
        (["fine", "fine"], [DONE, DONE, RETURNED]),
        (["fine", "raise", "fine"], [DONE, FAILED, RETURNED]),
        (["lambda", "fine"], [UNPICKLABLE, RETURNED]),
    ):
        items = [(number, pickle.dumps(what)) for number, what in enumerate(doings)]
        worker.do(Given(pickle.dumps(act), 60.0, items))
        assert [frame.kind for frame in frames.read()] == kinds
    os.close(reader)
    os.close(writer)


def test_a_function_that_cannot_be_loaded_fails_its_items() -> None:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    source = pickle.dumps(act).replace(b"pool_items", b"pool_nowhere"[:10])
    _Worker(writer).do(Given(source, 60.0, [(0, pickle.dumps("fine"))]))
    failed, _ = Frames(reader).read()
    assert pickle.loads(failed.payload)[0].startswith("ModuleNotFoundError")
    os.close(reader)
    os.close(writer)
