"""A full disk is told once, whichever sign comes first, and so is its end."""

from supervisor.core.events import DiskChanged, Event
from supervisor.engine.space import Space
from supervisor.ports import DaemonUnreachableError
from tests.support import ManualClock

GIB = 1 << 30


class Disk:
    def __init__(self) -> None:
        self.free: int | None = 20 * GIB
        self.events: list[Event] = []
        self.banners: list[str | None] = []
        self.space = Space(
            free_bytes=self.measure,
            floor_bytes=lambda: 10 * GIB,
            clock=ManualClock(),
            offer=self.events.append,
            banner=lambda _key, text: self.banners.append(text),
        )

    def measure(self) -> int:
        if self.free is None:
            raise OSError("stale file handle")
        return self.free

    def look(self, free: int | None) -> list[str | None]:
        """What the core was told after a look at ``free`` bytes."""
        self.free = free
        self.events.clear()
        self.space.look()
        return [event.reason for event in self.events if isinstance(event, DiskChanged)]


def test_below_the_floor_and_above_again_is_told_once_each() -> None:
    disk = Disk()
    assert disk.look(10 * GIB) == []
    assert disk.look(9 * GIB) == ["9.0 GiB free, below the floor of 10.0 GiB"]
    assert disk.look(8 * GIB) == []
    assert disk.look(11 * GIB) == [None]


def test_a_full_journal_counts_as_a_full_disk_until_both_are_over() -> None:
    disk = Disk()
    disk.space.journal("no space for the journal")
    assert disk.events == [DiskChanged(reason="no space for the journal")]
    assert disk.banners == ["no space for the journal"]
    assert disk.look(9 * GIB) == []
    disk.space.journal(None)
    assert disk.events == []
    assert disk.banners[-1] is None
    assert disk.look(12 * GIB) == [None]


class Docker:
    """The disk of a container engine."""

    def __init__(self, disk: Disk, *free: int | None) -> None:
        self.free = list(free)
        self.space = Space(
            free_bytes=disk.measure,
            floor_bytes=lambda: 10 * GIB,
            clock=ManualClock(),
            offer=disk.events.append,
            banner=lambda _key, _text: None,
            docker_free=self.measure,
        )

    async def measure(self) -> int | None:
        free = self.free.pop(0)
        if free == -1:
            raise DaemonUnreachableError("no answer")
        return free


async def test_the_disk_of_containers_counts_too() -> None:
    disk = Disk()
    docker = Docker(disk, 20 * GIB, 3 * GIB, None, -1, 2 * GIB, 11 * GIB)
    for _ in range(6):
        await docker.space.look_at_docker()
    low = "3.0 GiB free on Docker's disk, below the floor of 10.0 GiB"
    assert disk.events == [DiskChanged(reason=low), DiskChanged(reason=None)]
    await disk.space.look_at_docker()


def test_a_measure_that_fails_changes_nothing() -> None:
    disk = Disk()
    assert disk.look(1 * GIB) == ["1.0 GiB free, below the floor of 10.0 GiB"]
    assert disk.look(None) == []
