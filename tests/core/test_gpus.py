"""GPUs: given to one attempt each while nobody uses them, and taken out when they fail alone."""

from collections.abc import Sequence

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from supervisor.core.blocks import task_reasons
from supervisor.core.cards import Gpu, GpuNeed, GpuSeen
from supervisor.core.effects import StartAttempt
from supervisor.core.events import Event, GpusSeen, Tick, Wanted
from supervisor.core.gpus import environment, needs_you, same_to_us
from supervisor.core.intents import Resume
from supervisor.core.models import (
    BreakerPolicy,
    ErrorClass,
    NotifySpec,
    TaskId,
    TaskSpec,
)
from supervisor.core.phase import Waiting
from supervisor.core.picture import head
from supervisor.core.state import Batch, all_rows, assemble, fresh, spec_of
from supervisor.core.step import step
from supervisor.core.why import why
from tests.core import always
from tests.fakes.night import (
    UUID,
    after,
    asked,
    batch_spec,
    begun,
    ended,
    failed,
    group,
    play,
    start,
    task,
)

GIB = 1 << 30
CUDA = ErrorClass.CUDA_ERROR


def gpu(index: int, free: int = 80, **facts: object) -> GpuSeen:
    return GpuSeen(index=index, bus=f"00:{index}0:00", free_bytes=free * GIB, **facts)  # type: ignore[arg-type]


def look(*gpus: GpuSeen, fresh: Sequence[int] = ()) -> GpusSeen:
    return GpusSeen(gpus=gpus, fresh=tuple(fresh))


def on_gpu(id_: str, **need: object) -> TaskSpec:
    return task(id_, gpus=GpuNeed(**need))  # type: ignore[arg-type]


def of(batch: Batch, id_: str) -> str:
    return environment(batch, TaskId(id_)).get("CUDA_VISIBLE_DEVICES", "none")


def test_nothing_is_launched_before_somebody_looked() -> None:
    batch = begun([on_gpu("g/a"), on_gpu("g/b"), "g/c"])
    assert of(batch, "g/c") == "none"
    assert why(batch, TaskId("g/a"), 0)[1] == (
        "- waits for 1 GPU that nobody uses: none was seen yet."
    )
    batch = play(batch, (look(gpu(0), gpu(1)), 1, [start("g/a", 1, 2), start("g/b", 1, 3)]))
    assert (of(batch, "g/a"), of(batch, "g/b")) == ("0", "1")
    assert environment(batch, TaskId("g/a"))["CUDA_DEVICE_ORDER"] == "PCI_BUS_ID"


def test_a_gpu_is_free_again_once_it_is_seen_so() -> None:
    batch = play(
        begun([on_gpu("g/a"), on_gpu("g/b")]),
        (look(gpu(0)), 1, [start("g/a")]),
        (look(gpu(0, busy=True)), 2, []),
        (ended("g/a", 1, 9), 9, []),
        (look(gpu(0)), 10, []),
        (look(gpu(0, busy=True), fresh=[0]), 11, []),
        (look(gpu(0)), 12, [start("g/b")]),
    )
    assert of(batch, "g/b") == "0"


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (gpu(0, busy=True), "GPU 0 is used by another process"),
        (gpu(0, free=19), "GPU 0 has 19.0 GiB free"),
        (gpu(0, lost="fallen off the bus"), "GPU 0 cannot be read: fallen off the bus"),
        (gpu(5), "none was seen yet"),
    ],
)
def test_what_stands_in_the_way_is_told(seen: GpuSeen, reason: str) -> None:
    batch = begun([on_gpu("g/a", free_bytes=20 * GIB, of=(0, 1))])
    batch = after(batch, (look(seen), 1))
    assert isinstance(batch.tasks[TaskId("g/a")].phase, Waiting)
    (told,) = task_reasons(batch, TaskId("g/a"), 1)
    assert told == f"waits for 1 GPU with 20.0 GiB free that nobody uses: {reason}"
    assert head(batch, 1).groups[0].reason == told
    assert head(batch, 1).groups[0].state == "held"


def test_ours_and_what_is_stale_is_told() -> None:
    batch = after(begun([on_gpu("g/a"), on_gpu("g/b")]), (look(gpu(0)), 1))
    assert task_reasons(batch, TaskId("g/b"), 1)[0].endswith("GPU 0 runs g/a")
    batch = after(batch, (ended("g/a", 1, 5), 5))
    assert task_reasons(batch, TaskId("g/b"), 5)[0].endswith("GPU 0 is looked at again first")


def test_no_gpu_at_all_needs_somebody() -> None:
    batch = begun([on_gpu("g/a")], notify=NotifySpec(run="page"))
    batch = after(batch, (GpusSeen(trouble="no driver"), 1), (GpusSeen(trouble="no driver"), 2))
    assert [one.why for _, one in needs_you(batch)] == ["no driver"]
    assert head(batch, 2).needs_you[0].command == "nvidia-smi"
    assert batch.desk.paged == ("gpus:",)
    assert "none can be seen: no driver" in task_reasons(batch, TaskId("g/a"), 2)[0]
    batch = play(batch, (look(gpu(0)), 3, [start("g/a")]))
    assert batch.desk.paged == ()


def test_who_needs_several_is_not_passed_for_ever() -> None:
    tasks = [on_gpu("g/one"), on_gpu("g/two", count=2), on_gpu("g/three"), on_gpu("h/four")]
    batch = play(begun(tasks), (look(gpu(0), gpu(1)), 1, [start("g/one"), start("h/four")]))
    batch = play(
        batch,
        (ended("g/one", 1, 5), 5, []),
        (look(gpu(0), gpu(1, busy=True), fresh=[0]), 6, []),
    )
    assert task_reasons(batch, TaskId("g/three"), 6) == (
        "1 GPU that nobody uses are kept for a task that waits before it",
    )
    batch = play(
        batch,
        (ended("h/four", 1, 7), 7, []),
        (look(gpu(0), gpu(1), fresh=[1]), 8, [start("g/two")]),
    )
    assert of(batch, "g/two") == "0,1"


def test_who_waits_for_what_is_not_there_lets_others_pass() -> None:
    tasks = [on_gpu("g/many", count=4), on_gpu("g/one"), on_gpu("g/other", of=(7,))]
    play(begun(tasks), (look(gpu(0), gpu(1)), 1, [start("g/one")]))


def test_a_gpu_that_fails_alone_is_taken_out_and_brought_back() -> None:
    batch = begun(
        [on_gpu(f"g/{n}") for n in range(8)],
        [group(parallel=2, breaker=BreakerPolicy(then="off"))],
        notify=NotifySpec(run="page"),
    )
    batch = after(batch, (look(gpu(0), gpu(1)), 1))
    now = 1.0
    for _ in range(3):
        now += 1
        mine = next(one.by for one in batch.desk.gpus if one.seen.index == 1)
        assert mine is not None
        batch = after(
            batch,
            (failed(mine, batch.tasks[mine].attempt, now, CUDA), now),
            (look(gpu(0), gpu(1), fresh=[1]), now),
        )
    bad = batch.desk.gpus[1]
    assert bad.out is not None
    assert bad.out.startswith("3 tasks in a row met CUDA errors on it alone (g/1, g/2, g/3)")
    (need,) = (one for _, one in needs_you(batch))
    assert (need.what, need.command) == ("gpu1", "overnight resume gpu1")
    assert "gpu:gpu1" in batch.desk.paged
    assert "GPU 1 is taken out (3 tasks" in task_reasons(batch, TaskId("g/7"), now)[-1]
    batch, text, refused = asked(batch, Resume(name="gpu1"), now + 1)
    assert (text, refused) == ("gpu1 is used again", False)
    assert batch.desk.gpus[1].by is not None
    assert batch.desk.paged == ()
    assert asked(batch, Resume(name="gpu1"), now + 2)[1] == "gpu1 is in use already"
    assert asked(batch, Resume(name="gpu9"), now + 2)[2]


def faults(batch: Batch) -> list[int]:
    return [len(one.faults) for one in batch.desk.gpus]


@pytest.mark.parametrize(
    ("cause", "counted"),
    [
        ("CUDA error: an illegal memory access", [1, 1]),
        ("CUDA error: on device 1", [0, 1]),
        ("uncorrectable error at cuda:0", [1, 0]),
        ("CUDA error: on device 7", [1, 1]),
        ("NVRM: Xid (PCI:0000:10:00): 79, GPU has fallen off the bus", [0, 1]),
        ("NVRM: Xid (PCI:0000:99:00): 79, GPU has fallen off the bus", [1, 1]),
    ],
)
def test_which_of_its_gpus_an_error_was_on(cause: str, counted: list[int]) -> None:
    seen = [GpuSeen(index=n, bus=f"0000:{n}0:00", free_bytes=GIB) for n in (0, 1)]
    batch = after(begun([on_gpu("g/a", count=2), on_gpu("g/b")]), (look(*seen), 1))
    assert faults(after(batch, (failed("g/a", 1, 5, CUDA, cause=cause), 5))) == counted


def test_a_success_clears_and_other_ends_count_for_nothing() -> None:
    batch = after(begun([on_gpu("g/a"), on_gpu("g/b"), on_gpu("g/c")]), (look(gpu(0)), 1))
    batch = after(batch, (failed("g/a", 1, 5, CUDA), 5), (look(gpu(0), fresh=[0]), 6))
    batch = after(batch, (failed("g/b", 1, 7), 7), (look(gpu(0), fresh=[0]), 8))
    assert faults(batch) == [1]
    batch = after(batch, (ended("g/c", 1, 9), 9))
    assert faults(batch) == [0]


def test_where_all_gpus_fail_the_tasks_may_be_broken() -> None:
    off = group(breaker=BreakerPolicy(then="off"))
    batch = after(begun([on_gpu(f"g/{n}") for n in range(9)], [off]), (look(gpu(0), gpu(1)), 1))
    now = 1.0
    for turn in range(6):
        now += 1
        mine = batch.desk.gpus[turn % 2].by
        assert mine is not None
        batch = after(
            batch,
            (failed(mine, batch.tasks[mine].attempt, now, CUDA), now),
            (look(gpu(0), gpu(1), fresh=[0, 1]), now),
        )
    assert faults(batch) == [3, 3]
    assert all(one.out is None for one in batch.desk.gpus)


def test_a_new_engine_looks_first_and_keeps_what_lives() -> None:
    batch = after(
        begun([on_gpu("g/a"), on_gpu("g/b"), on_gpu("g/c")], [group(parallel=2)]),
        (look(gpu(0), gpu(1), gpu(2)), 1),
    )
    again = assemble(spec_of(batch), all_rows(batch))
    again = after(again, (Tick(), 100))
    assert [(one.by, one.stale) for one in again.desk.gpus] == [
        ("g/a", False),
        ("g/b", False),
        (None, True),
    ]
    again = after(again, (look(gpu(0), fresh=[2]), 101))
    assert [one.seen.lost for one in again.desk.gpus] == ["", "it is gone", "it is gone"]


def test_a_task_without_gpus_of_its_own_frees_none() -> None:
    batch = after(begun([on_gpu("g/a"), "g/b"]), (look(gpu(0)), 1), (ended("g/b", 1, 2), 2))
    assert batch.desk.gpus == (Gpu(seen=gpu(0), by=TaskId("g/a"), stale=False),)


def test_an_attempt_whose_gpus_nobody_knows_frees_none() -> None:
    batch = after(begun(["g/a"]), (Tick(), 1))
    spec = batch_spec([on_gpu("g/a")])
    batch = assemble(spec, all_rows(batch))
    assert after(batch, (ended("g/a", 1, 5), 5)).desk.gpus == ()


def test_looks_that_differ_in_what_decides() -> None:
    assert same_to_us(gpu(0), GpuSeen(index=0, bus="00:00:00", free_bytes=80 * GIB + 5))
    assert not same_to_us(gpu(0), gpu(0, free=79))
    assert same_to_us(gpu(0, busy=True), gpu(0, free=79, busy=True))


class Cards(RuleBasedStateMachine):
    """No GPU is given twice, none that is used by others, and nobody waits without a reason."""

    @initialize()
    def begin(self) -> None:
        tasks = [on_gpu(f"g/{n}", count=1 + n % 3 // 2, free_bytes=GIB) for n in range(6)]
        tasks += [on_gpu("h/a", of=(0,)), on_gpu("h/b", count=2), task("h/c")]
        self.now = 0.0
        self.others: set[int] = set()
        self.batch = fresh(batch_spec(tasks), UUID, 0.0)
        self.happens(Tick())

    def happens(self, event: Event) -> None:
        self.batch, effects = step(self.batch, event, self.now)
        for one in effects:
            if isinstance(one, StartAttempt):
                mine = [g for g in self.batch.desk.gpus if g.by == one.task]
                need = self.batch.specs[one.task].gpus
                assert len(mine) == (0 if need is None else need.count)
                assert not any(g.seen.index in self.others or g.out for g in mine)
                assert need is None or need.of is None or {g.seen.index for g in mine} <= {*need.of}

    @rule(others=st.sets(st.integers(0, 2)), known=st.integers(0, 3))
    def somebody_looks(self, others: set[int], known: int) -> None:
        self.others = others
        seen = [gpu(n, busy=n in others) for n in range(known)]
        fresh = [g.seen.index for g in self.batch.desk.gpus if g.stale and g.by is None]
        self.happens(look(*seen, fresh=fresh))

    @rule()
    def nothing_is_seen(self) -> None:
        self.happens(GpusSeen(trouble="gone"))

    @rule(seconds=st.sampled_from([1.0, 400.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.happens(Tick())

    @precondition(lambda self: self.batch.live)
    @rule(data=st.data(), error_class=st.sampled_from([None, CUDA, CUDA, ErrorClass.NETWORK]))
    def an_attempt_ends(self, data: st.DataObject, error_class: ErrorClass | None) -> None:
        id_ = data.draw(st.sampled_from([one for _, one in self.batch.live]))
        attempt = self.batch.tasks[id_].attempt
        over = (
            ended(id_, attempt, self.now)
            if error_class is None
            else failed(id_, attempt, self.now, error_class)
        )
        self.happens(over)
        assert all(
            one.by != id_ or self.batch.tasks[id_].attempt > attempt for one in self.batch.desk.gpus
        )

    @rule(name=st.sampled_from(["gpu0", "gpu1", "g", "h"]))
    def somebody_resumes(self, name: str) -> None:
        self.happens(Wanted(intent=Resume(name=name), who="ann"))

    @rule()
    def the_engine_begins_anew(self) -> None:
        always.rows_tell_all(self.batch)
        self.batch = assemble(spec_of(self.batch), all_rows(self.batch))
        self.happens(Tick())

    @invariant()
    def waits_are_known(self) -> None:
        always.waits_are_known(self.batch, self.now)

    @invariant()
    def only_the_living_have_gpus(self) -> None:
        living = {id_ for _, id_ in self.batch.live}
        assert {one.by for one in self.batch.desk.gpus} - {None} <= living


TestCards = Cards.TestCase
