"""A task's page tells everything, and no secret."""

from supervisor.core.models import TaskId, Wish
from supervisor.core.night import Event
from supervisor.core.spent import Spent
from supervisor.core.task_page import NeedRow, Ran, TaskPage, page
from supervisor.core.wish import IN_CONTAINER
from tests.fakes.night import after, begun, ended, failed, started, task

A, B = TaskId("g/a"), TaskId("g/b")
SECRET = "sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"


def launched(attempt: int, more: str = "") -> Event:
    return Event(at=1.0, kind="launch", subject="g/a", text=f"attempt {attempt} in slot 3{more}")


def test_attempts_stand_side_by_side_with_what_was_done_about_them() -> None:
    batch = after(
        begun(["g/a"]),
        (started("g/a", 1, 1), 1),
        (failed("g/a", 1, 61), 61),
        (started("g/a", 2, 95), 95),
    )
    found = page(batch, A, 100, [launched(1, ", batch_size 32"), launched(2)], None)
    first, second = found.attempts
    assert (first.attempt, first.started_at, first.ended_at) == (1, 1, 61)
    assert (first.error_class, first.counted) == ("server_error", True)
    assert first.decision == "failure 1 of 4 allowed; again in 30s"
    assert first.found_by.startswith("test, 9 points")
    assert first.settings == "batch_size 32"
    assert (second.attempt, second.ended_at, second.settings) == (2, None, "")
    assert found.standing[0].startswith("g/a was launched 5s ago (attempt 2)")
    assert not any(line.startswith("Attempt 1 ") for line in found.standing)
    assert found.attempt_directory == f"{found.directory}/attempt-2"


def test_what_an_attempt_used_is_kept() -> None:
    spent = Spent(cpu_s=12.5, peak_bytes=3 << 30)
    batch = after(begun(["g/a"]), (started("g/a", 1, 1), 1), (ended("g/a", 1, 5, spent=spent), 5))
    assert [one.spent for one in page(batch, A, 6, [], None).attempts] == [spent]


def test_the_command_is_that_of_the_last_attempt_without_its_shell() -> None:
    batch = begun([task("g/a", run=("python", "a b.py", ""))])

    def command(ran: Ran | None) -> str:
        return page(batch, A, 1, [], ran).command

    assert command(None) == "python 'a b.py' ''"
    assert command(Ran(argv=("/usr/bin/bash", "-c", "set -o pipefail\nrun it | tee"))) == (
        "run it | tee"
    )
    assert command(Ran(argv=("python", "x.py"))) == "python x.py"
    assert command(Ran(argv=(*IN_CONTAINER, "run | tee"))) == "run | tee"


def test_of_the_environment_there_are_names_and_nothing_secret_is_told() -> None:
    spec = task(
        "g/a",
        run=f"eval --api-key {SECRET}",
        env={"MODE": "full", "HF_TOKEN": SECRET},
        env_file="/home/eva/.env",
        params={"api_key": SECRET},
    )
    said = Event(at=1, kind="retry", subject="g/a", text=f"again with {SECRET}")
    batch = begun([spec], env_names=("PATH", "HOME", "MODE"))
    found = page(batch, A, 1, [said], None)
    assert found.own_env == ("HF_TOKEN", "MODE")
    assert found.env == ("HOME", "PATH")
    assert found.env_file == "/home/eva/.env"
    assert SECRET not in repr(found)
    ran = page(batch, A, 1, [], Ran(argv=("x",), env=("OVERNIGHT_TASK", "MODE")))
    assert ran.env == ("OVERNIGHT_TASK",)


def test_needs_are_told_both_ways() -> None:
    batch = begun(
        ["g/a", task("g/b", needs=("g/a", "{group: h, done: 50%}")), "h/x", "h/y"],
    )
    before = page(batch, B, 1, [], None)
    assert before.needs == (
        NeedRow(name="g/a", state="starting"),
        NeedRow(name="50% of h", state="0 of 2 succeeded"),
    )
    batch = after(batch, (ended("g/a", 1, 5), 5))
    needs = page(batch, B, 6, [], None).needs
    assert needs[0] == NeedRow(name="g/a", state="succeeded", met=True)
    assert page(batch, A, 6, [], None).needed_by == (NeedRow(name="g/b", state="waiting"),)


def test_a_container_task_names_its_image() -> None:
    batch = begun([task("g/a", container=Wish(image="my/eval:latest"))])
    found: TaskPage = page(batch, A, 1, [], None)
    assert (found.image, found.limits) == ("my/eval:latest", ("g",))
