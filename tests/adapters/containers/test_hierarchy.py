"""Where cgroups are mounted, by what the kernel says."""

from pathlib import Path

from supervisor.adapters.containers.hierarchy import Hierarchies, parse_cgroups, parse_mounts

ID = "ab" * 32

HYBRID = """\
23 1 0:21 / /sys rw,relatime shared:1 - sysfs sysfs rw
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
"""


def machine(tmp_path: Path, mounts: str, cgroups: str) -> Hierarchies:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/7").mkdir()
    (tmp_path / "proc/self/mountinfo").write_text(mounts)
    (tmp_path / "proc/7/cgroup").write_text(cgroups)
    return Hierarchies(tmp_path)


def test_each_controller_has_its_own_place(tmp_path: Path) -> None:
    said = f"5:name=systemd:/docker/{ID}\n4:memory:/docker/{ID}\n3:cpu,cpuacct:/docker/{ID}\n0::/d/{ID}\n"
    places = machine(tmp_path, HYBRID, said).places(7, of=ID)
    top = f"{tmp_path}/sys/fs/cgroup"
    assert dict(places.controllers) == {
        "name=systemd": f"{top}/systemd/docker/{ID}",
        "memory": f"{top}/memory/docker/{ID}",
        "cpu": f"{top}/cpu,cpuacct/docker/{ID}",
        "cpuacct": f"{top}/cpu,cpuacct/docker/{ID}",
    }
    assert places.unified == f"{top}/unified/d/{ID}"


def test_a_pid_of_another_machine_leads_nowhere(tmp_path: Path) -> None:
    hierarchies = machine(tmp_path, HYBRID, "0::/system.slice/cron.service\n")
    assert hierarchies.places(7, of=ID).unified is None
    assert hierarchies.places(8, of=ID).unified is None


def test_a_mount_may_show_only_a_part(tmp_path: Path) -> None:
    mounts = r"41 31 0:38 /system.slice /sys/fs/cg\040roup rw,relatime - cgroup2 cgroup2 rw" + "\n"
    places = machine(tmp_path, mounts, f"0::/system.slice/docker-{ID}.scope\n").places(7)
    assert places.unified == f"{tmp_path}/sys/fs/cg roup/docker-{ID}.scope"


def test_odd_lines_are_passed_over() -> None:
    assert list(parse_mounts("nonsense\n1 2 3 - cgroup\n")) == []
    assert list(parse_cgroups("nonsense\n0::relative\nx:cpu:/a\n0::/\n")) == [(frozenset(), "/")]


def test_this_machine_has_some_hierarchy() -> None:
    text = Path("/proc/self/mountinfo").read_text()
    assert list(parse_mounts(text)), "neither cgroup v1 nor v2 is mounted here"
