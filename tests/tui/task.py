"""A task's page for pictures: three attempts, needs both ways, files, names, and awkward texts."""

from types import MappingProxyType

from supervisor.core.models import TaskId
from supervisor.core.night import Event
from supervisor.core.spent import Spent
from supervisor.core.task_page import AttemptRow, FileRow, NeedRow, TaskPage
from tests.tui.scene import HOUR, LONG, NOW

FAILED = "scicode/problem-0013"
CAUSE = "openai.InternalServerError: Error code: 503 - upstream connect error or disconnect"


def page(task: str = LONG) -> TaskPage:
    """Return the page of a task whose second attempt runs, as of ``NOW``."""
    return TaskPage(
        task=TaskId(task),
        as_of=NOW,
        standing=(
            f"{task} has run for 47m (attempt 3).",
            "It wrote, 3 times in 2m, last 4m ago: rate_limit: \x1b[31m429 Too Many Requests\x1b[0m",
        ),
        attempts=(
            AttemptRow(
                attempt=1,
                started_at=NOW - 3 * HOUR,
                ended_at=NOW - 3 * HOUR + 754,
                code=1,
                error_class="server_error",
                cause=CAUSE,
                counted=True,
                decision="failure 1 of 4 allowed; again in 35s",
                found_by="openai.server, 11 points: +4 strong rule, +2 stderr",
                progress=(12, 80),
                settings="batch_size 32",
            ),
            AttemptRow(
                attempt=2,
                started_at=NOW - 2 * HOUR,
                ended_at=NOW - 2 * HOUR + 61,
                code=137,
                error_class="cuda_oom",
                cause="torch.OutOfMemoryError: CUDA out of memory. [bold]Tried to allocate[/]",
                decision="batch_size 32 -> 16, at no cost",
                spent=Spent(cpu_s=7500.0, peak_bytes=21 << 30),
                settings="batch_size 32",
            ),
            AttemptRow(attempt=3, started_at=NOW - 47 * 60, settings="batch_size 16"),
        ),
        decisions=(
            Event(at=NOW - 30 * HOUR, kind="pause", subject="", text="by lea"),
            Event(at=NOW - 3 * HOUR, kind="launch", subject=task, text="attempt 1 in slot 2"),
            Event(at=NOW - 47 * 60, kind="launch", subject=task, text="attempt 3 in slot 1"),
        ),
        command="python run.py --id 77 \\\n  --model 評価",
        cwd="/home/eva/night",
        params=MappingProxyType({"problem": "0077", "model": "a"}),
        limits=("trapi", "scicode"),
        own_env=("MODE",),
        env_file="/home/eva/night/.env",
        env=("AZURE_TOKEN", "HOME", "PATH"),
        needs=(
            NeedRow(name="scicode/problem-0012", state="succeeded", met=True),
            NeedRow(name="90% of stage1", state="3 of 9 succeeded"),
        ),
        needed_by=(NeedRow(name="judge/qa", state="waiting"),),
        directory="/home/eva/night/.overnight/night/tasks/scicode/0077",
        attempt_directory="/home/eva/night/.overnight/night/tasks/scicode/0077/attempt-3",
        files=(
            FileRow(path="attempt-3/stderr.log", size_bytes=182_000, changed_at=NOW - 60),
            FileRow(path="attempt-3/stdout.log", size_bytes=0, changed_at=NOW - 47 * 60),
        ),
        host="gpu-box-7",
    )
