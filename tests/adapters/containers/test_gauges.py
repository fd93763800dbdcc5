"""What containers use, from the kernel's files: recorded trees of v1 and v2, and the kernel itself."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from supervisor.adapters.containers.gauges import Gauges
from supervisor.adapters.containers.hierarchy import Hierarchies, Places
from supervisor.core.containers import ContainerUsage
from tests.support import until

V2 = {
    "cgroup.procs": "4711\n4720\n",
    # Fields and their order: kernel/sched/core.c cpu_stat_show and kernel/cgroup/rstat.c of Linux 6.1,
    # described in Documentation/admin-guide/cgroup-v2.rst, «CPU Interface Files».
    "cpu.stat": "usage_usec 1500000\nuser_usec 1000000\nsystem_usec 500000\n"
    "core_sched.force_idle_usec 0\nnr_periods 40\nnr_throttled 10\nthrottled_usec 250000\n"
    "nr_bursts 0\nburst_usec 0\n",
    # The same document, «Memory Interface Files»: a list of keys that grows from version to version.
    "memory.current": "104857600\n",
    "memory.stat": "anon 41943040\nfile 62914560\nkernel 2097152\nkernel_stack 65536\n"
    "pagetables 122880\nshmem 0\nfile_mapped 8192\ninactive_anon 41943040\nactive_anon 4096\n"
    "inactive_file 52428800\nactive_file 10485760\nunevictable 0\nworkingset_refault_file 0\n",
    # The same document, «PID Interface Files» and «IO Interface Files»; a device may have no fields.
    "pids.current": "7\n",
    "io.stat": "8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0\n"
    "253:0\n8:0 rbytes=100 wbytes=0 rios=1 wios=0 dbytes=50331648 dios=3021\n",
}
V1 = {
    # Documentation/admin-guide/cgroup-v1/cpuacct.rst: nanoseconds.
    "cpuacct.usage": "2500000000\n",
    # Documentation/scheduler/sched-bwc.rst: nanoseconds, where v2 has microseconds.
    "cpu.stat": "nr_periods 10\nnr_throttled 2\nthrottled_time 750000000\nnr_bursts 0\nburst_time 0\n",
    # Documentation/admin-guide/cgroup-v1/memory.rst, 5.2: «total_» counts the groups below, too.
    "memory.usage_in_bytes": "52428800\n",
    "memory.stat": "cache 1\nrss 2\ninactive_file 5\nactive_file 6\nhierarchical_memory_limit 9\n"
    "total_cache 1\ntotal_inactive_file 10485760\ntotal_active_file 6\n",
    "pids.current": "3\n",
    # Documentation/admin-guide/cgroup-v1/blkio-controller.rst.
    "blkio.throttle.io_service_bytes": "8:0 Read 4096\n8:0 Write 8192\n8:0 Sync 12288\n"
    "8:0 Async 0\n8:0 Discard 0\n8:0 Total 12288\nTotal 12288\n",
    "cgroup.procs": "4711\n",
}
# net/core/net-procfs.c, described in proc_pid_net(5).
NET_DEV = """\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    9999      10    0    0    0     0          0         0     9999      10    0    0    0     0       0          0
  eth0:    1000      10    0    0    0     0          0         0      500       5    0    0    0     0       0          0
  eth1:      30       1    0    0    0     0          0         0       20       1    0    0    0     0       0          0
"""


def written(folder: Path, files: Mapping[str, str]) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return str(folder)


def read(places: Places, net: str | None = None) -> ContainerUsage | None:
    gauges = Gauges(places, net)
    try:
        return gauges.read(5.0)
    finally:
        gauges.close()


def test_cgroup_v2(tmp_path: Path) -> None:
    net = tmp_path / "dev"
    net.write_text(NET_DEV)
    used = read(Places(unified=written(tmp_path / "u", V2)), str(net))
    assert used == ContainerUsage(
        at=5.0,
        cpu_s=1.5,
        mem_bytes=50 << 20,
        pids=7,
        net_bytes=1550,
        sent_bytes=520,
        block_bytes=1459200 + 314773504 + 100,
        throttled_s=0.25,
    )


def test_cgroup_v1(tmp_path: Path) -> None:
    place = written(tmp_path / "v1", V1)
    names = ("cpuacct", "cpu", "memory", "pids", "blkio")
    used = read(Places(controllers=dict.fromkeys(names, place)))
    assert used == ContainerUsage(
        at=5.0, cpu_s=2.5, mem_bytes=40 << 20, pids=3, block_bytes=12288, throttled_s=0.75
    )


def test_hybrid_takes_each_number_where_it_is(tmp_path: Path) -> None:
    # v2 without controllers still counts CPU, and lists processes.
    bare = {
        "cpu.stat": "usage_usec 1500000\nuser_usec 1\nsystem_usec 2\n",
        "cgroup.procs": "1\n2\n",
    }
    unified = written(tmp_path / "u", bare)
    memory = written(tmp_path / "m", {"memory.usage_in_bytes": "4096\n"})
    gauges = Gauges(Places(controllers={"memory": memory}, unified=unified), None)
    used = gauges.read(5.0)
    assert used == ContainerUsage(at=5.0, cpu_s=1.5, mem_bytes=4096)
    assert gauges.members() == [1, 2]
    gauges.close()


@pytest.mark.parametrize(("usec_a_sweep", "sweeps"), [(0, 12), (40_000, 3)])
def test_all_but_the_cpu_is_read_now_and_then(
    tmp_path: Path, usec_a_sweep: int, sweeps: int
) -> None:
    place = Path(written(tmp_path / "u", V2))
    gauges = Gauges(Places(unified=str(place)), None)
    assert gauges.read(1.0) is not None
    (place / "io.stat").write_text("8:0 rbytes=1 wbytes=1\n")
    seen: list[int | None] = []
    for at in range(1, 20):
        (place / "cpu.stat").write_text(
            f"usage_usec {1_500_000 + usec_a_sweep * at}\nuser_usec 1\nthrottled_usec 1\n"
        )
        used = gauges.read(float(at))
        assert used is not None
        assert round(used.cpu_s, 6) == round(1.5 + usec_a_sweep * at / 1e6, 6)
        seen.append(used.block_bytes)
    assert seen.index(2) + 2 in (sweeps, sweeps - 1)
    gauges.close()


def test_nothing_to_read_is_no_usage(tmp_path: Path) -> None:
    gauges = Gauges(Places(unified=str(tmp_path / "none")), None)
    assert not gauges.readable
    assert gauges.read(1.0) is None
    assert gauges.members() is None


def test_closed_gauges_hold_nothing(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count
    gauges = Gauges(Places(unified=written(tmp_path / "u", V2)), None)
    gauges.close()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - a count
    assert gauges.read(1.0) is None


async def test_this_machine_counts_what_a_process_uses() -> None:
    """The kernel's own files, whichever version this machine has: this very process burns some CPU."""
    gauges = Gauges(Hierarchies().places(os.getpid()), "/proc/self/net/dev")
    if not gauges.readable:
        pytest.fail("neither v1 nor v2 counts CPU for this process")
    first = gauges.read(0.0)
    assert first is not None

    def burnt() -> bool:
        sum(range(200_000))
        now = gauges.read(1.0)
        return now is not None and now.cpu_s > first.cpu_s

    await until(burnt)
    gauges.close()


def v2_to_write() -> Path | None:
    """Return a v2 mount in which this user may make cgroups."""
    tops = (Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup"))
    return next((t for t in tops if (t / "cgroup.procs").exists() and os.access(t, os.W_OK)), None)


async def test_a_real_v2_mount_counts_and_ends() -> None:
    """A cgroup of our own on v2, where this user may make one; its end is seen as an end."""
    top = v2_to_write()
    if top is None:
        # Others may not: their v2 is read by the test above.
        assert os.geteuid() != 0
        return
    place = top / f"overnight-test-{os.getpid()}"
    place.mkdir()
    child = await asyncio.create_subprocess_exec("sleep", "60")
    gauges = Gauges(Places(unified=str(place)), None)
    try:
        (place / "cgroup.procs").write_text(str(child.pid))
        assert gauges.members() == [child.pid]
        assert gauges.read(1.0) is not None
    finally:
        child.kill()
        await child.wait()
        await until(lambda: gauges.members() == [])
        place.rmdir()
    assert gauges.read(2.0) is None
    assert gauges.members() is None
    gauges.close()
