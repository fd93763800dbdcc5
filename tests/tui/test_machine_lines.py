"""The machine as lines of text."""

from dataclasses import replace

from supervisor.core.board import Head
from supervisor.core.containers import ContainerCounts
from supervisor.core.machine import GpuFigures, GpuRow, MachineSeen, Resources
from supervisor.tui.glyphs import ASCII, UNICODE, Glyphs
from supervisor.tui.machine_lines import cores_text, machine_lines, meter
from tests.tui.machine import GIB, MACHINE, resources


def drawn(
    found: Resources,
    width: int = 120,
    *,
    head: Head | None = None,
    most: int = 4,
    glyphs: Glyphs = UNICODE,
) -> list[str]:
    lines = machine_lines(found, head or Head(), width, most, glyphs)
    return ["".join(text for text, _ in line.pieces) for line in lines]


def test_each_thing_has_its_line() -> None:
    cpu, memory, disk, *gpus, engine = drawn(resources())
    assert "11 of 16 cores · load 11.3 9.8 4.2" in cpu
    assert cpu.endswith("█ 10 min")
    assert "55 GiB of 62 GiB · swap 1.0 GiB of 8.0 GiB" in memory
    assert "44 GiB free of 1.8 TiB · /data · state, batch file" in disk
    assert "95% busy · 71 GiB of 80 GiB · scicode/problem-0015 · 60 C · 290 W · NVIDIA" in gpus[0]
    assert "0% busy" in gpus[1]
    assert "3 tasks in a row met a CUDA error on it" in gpus[1]
    assert gpus[2].split() == ["gpu", "2", "GPU", "is", "lost"]
    assert "0.0 cores · 74 MiB · 7 threads, 61 files" in engine


def test_no_line_is_wider_than_the_screen() -> None:
    for width in (30, 40, 59, 60, 80, 100, 200):
        assert max(map(len, drawn(resources(), width))) <= width
    assert "11 of 16 cores" in drawn(resources(), 40)[0]


def test_many_gpus_share_a_line() -> None:
    rows = tuple(
        GpuRow(figures=GpuFigures(index=at, mem_bytes=GIB, processes=at % 2)) for at in range(8)
    )
    lines = drawn(replace(resources(), gpus=rows))
    assert len([line for line in lines if line.startswith(" gpu")]) == 4
    assert any("5 more, 2 without any process" in line for line in lines)


def test_why_no_gpu_can_be_seen_is_told() -> None:
    lines = drawn(replace(resources(), gpus=(), gpu_trouble="no driver\x1b[2J here"))
    assert any("no driver here" in line for line in lines)


def test_the_container_engine_is_told_where_it_is_looked_at() -> None:
    counts = ContainerCounts(busy=3, dead_idle=2, idle=10)
    head = Head(containers=counts, daemon_busy=0.34)
    line = next(line for line in drawn(resources(), head=head) if line.startswith(" docker"))
    assert "0.3 cores · 3 of 15 containers busy · 2 dead" in line
    far = Head(containers=counts)
    line = next(line for line in drawn(resources(), head=far) if line.startswith(" docker"))
    assert "cores" not in line


def test_what_the_kernel_does_not_say_is_no_figure() -> None:
    bare = Resources(machine=MachineSeen(at=0, cores=4))
    assert "? of 4 cores" in drawn(bare)[0]
    assert cores_text(9.96) == "10"
    assert cores_text(9.94) == "9.9"


def test_little_room_looks_alarming() -> None:
    assert [meter(share, 10, "", UNICODE)[0][1] for share in (0.5, 0.9, 0.97)] == [
        "good",
        "warn",
        "bad",
    ]
    assert meter(1.2, 10, "good", UNICODE)[0] == ("━" * 10, "good")


def test_ascii_lines_are_ascii() -> None:
    odd = replace(resources(), machine=replace(MACHINE, disks=()))
    assert "".join(drawn(odd, glyphs=ASCII)).isascii()
