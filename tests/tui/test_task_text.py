from supervisor.core.containers import ContainerRow
from supervisor.core.models import TaskId
from supervisor.core.task_page import TaskPage
from supervisor.tui.glyphs import UNICODE
from supervisor.tui.paragraphs import laid
from supervisor.tui.task_text import task_text
from tests.tui.scene import LONG
from tests.tui.task import page


def lines(found: TaskPage, number: int | None = None, *containers: ContainerRow) -> list[str]:
    attempt = found.attempts[number] if number is not None else None
    text = task_text(found, attempt, containers, UNICODE)
    return [
        "".join(piece for piece, _ in line.pieces).rstrip()
        for line in laid(text, 100, ascii_only=False)
    ]


def test_sections_come_in_the_order_in_which_they_are_asked_for() -> None:
    told = lines(page(), 0)
    titles = [line for line in told if line and not line.startswith(" ")]
    assert titles == [
        "Why",
        "Attempt 1",
        "Needs",
        "Needed by",
        "Decisions, newest first",
        "Command",
        "Files",
        "Environment, names only",
    ]


def test_a_section_without_anything_in_it_is_left_out() -> None:
    bare = TaskPage(task=TaskId("g/a"), as_of=1.0, standing=("g/a waits:", "- g runs 1 of 1."))
    assert lines(bare)[:3] == ["Why", "  g/a waits:", "  - g runs 1 of 1."]
    assert "Needs" not in lines(bare)


def test_an_attempt_that_is_over_is_told_in_full() -> None:
    told = "\n".join(lines(page(), 1))
    assert "  cuda_oom: torch.OutOfMemoryError: CUDA out of memory. [bold]Tried" in told
    assert "  then: batch_size 32 -> 16, at no cost; it cost no attempt" in told
    assert "  it was seen to use 2h5m of CPU, and at most 21 GiB of memory" in told
    assert "Attempt 3" not in "\n".join(lines(page(), 2))


def test_decisions_of_another_day_name_it_and_those_about_others_say_whose() -> None:
    told = lines(page())
    at = told.index("Decisions, newest first")
    assert told[at + 1 : at + 5] == [
        "  01:27:00  launch: attempt 3 in slot 1",
        "  23:14:00  launch: attempt 1 in slot 2",
        "  Feb 17",
        "  20:14:00  pause → the batch: by lea",
    ]


def test_needs_files_and_names() -> None:
    told = "\n".join(lines(page()))
    assert "  ✓ scicode/problem-0012  (succeeded)\n  ○ 90% of stage1  (3 of 9 succeeded)" in told
    assert "  python run.py --id 77 \\\n    --model 評価\n  in /home/eva/night" in told
    assert "   178 KiB  02:13  attempt-3/stderr.log" in told
    assert "  the batch file sets MODE\n  read anew for each attempt: /home/eva/night/.env" in told


def test_its_containers_are_among_it() -> None:
    row = ContainerRow(
        id="1" * 64,
        name="agentrun--7",
        image="x",
        task=TaskId(LONG),
        state="dead_idle",
        why="quiet",
    )
    assert "  ✗ agentrun--7  dead idle: quiet" in lines(page(), None, row)
