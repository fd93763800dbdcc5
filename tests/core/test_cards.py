"""Facts about GPUs are written down and read again."""

from supervisor.core.batch import Desk
from supervisor.core.cards import Gpu, GpuNeed, GpuSeen
from supervisor.core.codec import dumps, loads
from supervisor.core.models import TaskId


def test_rows_keep_gpus_and_those_of_before_load() -> None:
    seen = GpuSeen(index=1, bus="0000:65:00", free_bytes=5)
    desk = Desk(uuid="u", name="n", gpus=(Gpu(seen=seen, by=TaskId("g/a"), out="bad"),))
    assert loads(Desk, dumps(desk, Desk)) == desk
    assert loads(Desk, '{"uuid": "u", "name": "n"}') == Desk(uuid="u", name="n")
    need = GpuNeed(count=2, free_bytes=9, of=(0, 1))
    assert loads(GpuNeed, dumps(need, GpuNeed)) == need
