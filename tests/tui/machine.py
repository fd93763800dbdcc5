"""A machine for pictures: one disk nearly full, three GPUs, one of them lost, five tasks at work."""

from supervisor.core.machine import (
    DiskSeen,
    GpuFigures,
    GpuRow,
    MachineSeen,
    ProcessSeen,
    Resources,
    RunnerRow,
    Sample,
)
from supervisor.core.models import TaskId
from tests.tui.scene import CJK, LONG, NOW

GIB = 1 << 30

MACHINE = MachineSeen(
    at=NOW,
    name="gpu-box-7",
    cores=16,
    busy_s=1000.0,
    load=(11.34, 9.8, 4.21),
    mem_bytes=62 * GIB,
    available_bytes=7 * GIB,
    swap_bytes=8 * GIB,
    swap_used_bytes=GIB,
    disks=(
        DiskSeen(
            path="/data",
            holds=("state", "batch file"),
            total_bytes=1800 * GIB,
            free_bytes=44 * GIB,
        ),
    ),
    engine=ProcessSeen(cpu_s=90.0, rss_bytes=74 << 20, threads=7, files=61),
)
A100 = "NVIDIA A100-SXM4-80GB"


def resources() -> Resources:
    """Return the figures."""
    runners = [
        RunnerRow(
            task=TaskId(LONG),
            attempt=2,
            cores=7.93,
            mem_bytes=21 * GIB,
            processes=9,
            threads=148,
            files=412,
        ),
        RunnerRow(
            task=TaskId("scicode/problem-0015"),
            attempt=1,
            cores=0.31,
            mem_bytes=900 << 20,
            processes=3,
            threads=12,
            files=40,
            waits=0.62,
        ),
        RunnerRow(
            task=TaskId(CJK),
            attempt=1,
            cores=0.0,
            mem_bytes=310 << 20,
            processes=1,
            threads=1,
            files=None,
        ),
        RunnerRow(task=TaskId("usaco/gold-3"), attempt=1, mem_bytes=12 << 20, processes=2),
    ]
    return Resources(
        machine=MACHINE,
        busy=11.26,
        engine_cores=0.04,
        gpus=(
            GpuRow(
                figures=GpuFigures(
                    index=0,
                    name=A100,
                    mem_bytes=80 * GIB,
                    used_bytes=71 * GIB,
                    busy_percent=97,
                    celsius=61,
                    watts=287,
                    processes=1,
                ),
                by=TaskId("scicode/problem-0015"),
            ),
            GpuRow(
                figures=GpuFigures(
                    index=1,
                    name=A100,
                    mem_bytes=80 * GIB,
                    used_bytes=GIB // 2,
                    busy_percent=0,
                    celsius=31,
                    watts=52,
                    processes=0,
                ),
                out="3 tasks in a row met a CUDA error on it",
            ),
            GpuRow(figures=GpuFigures(index=2, lost="GPU is lost")),
        ),
        runners=tuple(runners),
        history=tuple(
            Sample(at=NOW - 20 * (30 - at), cores=16 * at / 30, mem_share=0.3 + at / 50)
            for at in range(30)
        ),
    )
