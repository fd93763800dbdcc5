"""What the processes of attempts use, and who is short of it."""

from supervisor.core.models import TaskId
from supervisor.core.spent import Spent
from supervisor.engine.process_load import ProcessLoad, Used
from supervisor.ports import Ref, Usage

A, B = Ref(TaskId("g/a"), 1), Ref(TaskId("g/b"), 1)


class Screen:
    """What was shown last of each attempt."""

    def __init__(self) -> None:
        self.shown: dict[Ref, Used] = {}
        self.load = ProcessLoad(self.show)
        self.now = 0.0

    def show(self, ref: Ref, used: Used) -> None:
        self.shown[ref] = used

    def look(self, cpu_s: float, waited_s: float | None = 0.0, ref: Ref = A) -> Used:
        usage = Usage(cpu_s=cpu_s, rss_bytes=(5 << 20) + 7, processes=1, waited_s=waited_s)
        self.now += 10.0
        self.load.taken({ref: usage}, self.now)
        return self.shown[ref]


def test_two_looks_tell_how_many_cores_are_used() -> None:
    screen = Screen()
    assert screen.look(3.0) == Used(mem_bytes=5 << 20)
    assert screen.look(8.0) == Used(cores=0.5, mem_bytes=5 << 20, waits=0.0)


def test_waiting_for_a_core_is_told_and_much_of_it_is_starving() -> None:
    screen = Screen()
    screen.look(0.0, 0.0)
    some = screen.look(9.0, 1.0)
    assert (some.cores, some.waits, some.starved) == (0.9, 0.1, False)
    much = screen.look(11.0, 7.0)
    assert (much.cores, much.waits, much.starved) == (0.2, 0.75, True)


def test_who_hardly_wants_a_core_is_not_short_of_it() -> None:
    screen = Screen()
    screen.look(0.0, 0.0)
    idle = screen.look(0.1, 0.3)
    assert (idle.waits, idle.starved) == (None, False)
    little = screen.look(0.3, 1.5)
    assert (little.waits, little.starved) == (0.86, False)


def test_what_the_kernel_does_not_say_is_unknown() -> None:
    screen = Screen()
    screen.look(0.0, None)
    assert screen.look(5.0, None) == Used(cores=0.5, mem_bytes=5 << 20)


def test_processes_that_went_take_their_seconds_along() -> None:
    screen = Screen()
    screen.look(9.0, 4.0)
    assert screen.look(1.0, 5.0) == Used(mem_bytes=5 << 20)
    assert screen.look(2.0, 1.0).waits is None


def test_what_an_attempt_used_is_told_once_when_it_is_over() -> None:
    screen = Screen()
    screen.look(9.0)
    screen.look(4.0)
    assert screen.load.spent(A) == Spent(cpu_s=9.0, peak_bytes=(5 << 20) + 7)
    assert screen.load.spent(A) is None


def test_attempts_that_are_over_are_forgotten() -> None:
    screen = Screen()
    screen.look(9.0)
    screen.look(1.0, ref=B)
    assert screen.look(19.0).cores is None
