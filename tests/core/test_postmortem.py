"""What lies beside the attempts of a failed task."""

from dataclasses import replace

from supervisor.core.models import TaskId
from supervisor.core.postmortem import error_log, state_json
from supervisor.core.state import all_rows, assemble, spec_of
from tests.batches import STATE_DIR, bad_night, with_items

EXPIRED = TaskId("scicode/expired")
NOISE = [f"line {number}" for number in range(100)]
PROOF = "openai.AuthenticationError: Error code: 401 | api_key=sk-live1234567890abcdef"


def test_items_inside_of_it_are_told() -> None:
    batch = with_items(bad_night())
    assert "item      q1: timeout: late\n" in error_log(batch, EXPIRED, STATE_DIR, [])
    assert state_json(batch, EXPIRED, STATE_DIR)["items"] == [
        {"item": "q1", "class": "timeout", "error": "late"}
    ]


def log(task: str, tail: list[str]) -> str:
    return error_log(bad_night(), TaskId(task), STATE_DIR, tail)


def test_state_tells_every_attempt() -> None:
    document = state_json(bad_night(), EXPIRED, STATE_DIR)
    assert (document["v"], document["task"], document["group"]) == (1, EXPIRED, "scicode")
    assert (document["phase"], document["class"], document["exit_code"]) == ("failed", "auth", 1)
    assert document["ended_at"] == "2026-02-02T02:43:30+00:00"
    assert document["progress"] is None
    first, second = document["history"]
    assert first["cause"].startswith("login expired")
    assert (first["attempt"], second["attempt"], first["class"]) == (1, 2, "auth")
    assert (first["counted"], first["decision"]) == (True, "back off 30 s")


def test_state_of_a_task_that_goes_on_is_short() -> None:
    document = state_json(bad_night(), TaskId("scicode/waits"), STATE_DIR)
    assert document == {
        "v": 1,
        "task": "scicode/waits",
        "group": "scicode",
        "phase": "waiting",
        "exit_code": None,
        "history": [],
    }
    done = state_json(bad_night(), TaskId("scicode/done"), STATE_DIR)
    assert [one["class"] for one in done["history"]] == ["network", None]


def test_the_log_begins_with_what_and_why() -> None:
    text = log(EXPIRED, [])
    assert text.startswith(
        "task      scicode/expired\n"
        "phase     failed\n"
        "class     auth\n"
        "cause     login expired: openai.AuthenticationError: Error code: 401 | api_key=[redacted]\n"
        "attempts  2\n"
        f"log       {STATE_DIR}/tasks/scicode/expired/attempt-2/stderr.log\n"
        "param     id=scicode/expired\n"
        "param     token=[redacted]\n"
    )
    assert "attempt 2  2026-02-02T02:43:20+00:00 to 2026-02-02T02:43:30+00:00, exit 1, auth" in text


def test_the_log_tells_how_far_it_was() -> None:
    batch = bad_night()
    task = batch.tasks[EXPIRED]
    far = replace(task, history=(replace(task.history[-1], progress=(32, 100)),))
    rows = replace(all_rows(batch), tasks={**all_rows(batch).tasks, EXPIRED: far})
    batch = assemble(spec_of(batch), rows)
    assert "\nprogress  32/100\n" in error_log(batch, EXPIRED, STATE_DIR, [])
    assert state_json(batch, EXPIRED, STATE_DIR)["progress"] == [32, 100]


def test_it_shows_the_final_traceback_whole() -> None:
    traceback = ["Traceback (most recent call last):", '  File "x.py", line 1', PROOF]
    text = log(EXPIRED, [*NOISE, *traceback])
    assert "Traceback (most recent call last):\n" in text
    assert "line 99" not in text
    assert "sk-live" not in text


def test_else_the_line_that_proves_it_with_its_surroundings() -> None:
    text = log(EXPIRED, [*NOISE[:50], PROOF, *NOISE[50:]])
    assert "line 30\n" in text
    assert "line 29\n" not in text
    assert "line 69\n" in text
    assert "line 70\n" not in text


def test_else_the_last_lines() -> None:
    text = log("corebench/Qwen/7B", NOISE)
    assert text.endswith("line 99\n")
    assert "line 60\n" in text
    assert "line 59\n" not in text


def test_other_phases_have_a_log_too() -> None:
    assert "class     none\ncause     \n" in log("scicode/waits", [])
    assert "class     auth\ncause     401\n" in log("scicode/held", [])
    assert "cause     aborted: 5 in a row\n" in log("corebench/never", [])
    assert "exit 0, succeeded; done" in log("scicode/done", [])
