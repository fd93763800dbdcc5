"""The documents have the shape that CONTRACT and older scripts expect, and no secrets."""

import json
from typing import Any

import pytest

from supervisor.core import documents
from supervisor.core.board import (
    Advice,
    Board,
    GroupRow,
    Head,
    KnobRow,
    LimitCost,
    LimitRow,
    NeedsYou,
    TaskRow,
    UnderWay,
)
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.phase import WORDS
from supervisor.core.picture import board
from tests.batches import CORE, FAILED_FILE, SCI, START, STATE_DIR, bad_night, ended

BOARD = Board(
    head=Head(
        batch="night",
        state="held",
        as_of=5.0,
        counts={"running": 1},
        groups=(
            GroupRow(
                group="g", parallel=4, running=1, state="held", breaker="closed", counts={"held": 2},
                knob=KnobRow(
                    name="capsules", value=5, start=20, least=1, apply="restart", behind=2
                ),
                note="capsules 5 of 20",
            ),
        ),
        limits=(LimitRow(limit="api", held_until=9.0, reason="4pm", since=1.0, state="held"),),
        costs=(LimitCost(limit="api", pauses=2, waited_s=90.2, lost_s=5400.0),),
        advice=(Advice(group="g", parallel=60, suggested=5, why="57 of 60 idle"),),
        needs_you=(NeedsYou(what="api", since=1.0, why="expired", command="az login"),),
        under_way=(UnderWay(what="pull x", since=2.0, text="pulling x"),),
    ),
    tasks={
        TaskId("g/a"): TaskRow(
            task=TaskId("g/a"), group="g", phase="running", attempt=2, progress=(3, 9), pid=7,
            container="overnight-g-a-2-x",
            next_at=8.0, error_class="auth", cause="401",
        )
    },
)  # fmt: skip


def test_status_has_just_the_documented_keys() -> None:
    words = list(WORDS.values())
    document = documents.status(BOARD)
    counts = dict.fromkeys(words, 0)
    assert document == {
        "v": 1,
        "as_of": 5.0,
        "batch": "night",
        "state": "held",
        "reason": None,
        "launches_at": None,
        "time_up": False,
        "counts": counts | {"running": 1},
        "groups": [
            {
                "group": "g",
                "parallel": 4,
                "running": 1,
                "state": "held",
                "breaker": "closed",
                "counts": counts | {"held": 2},
                "parts": {},
                "range": None,
                "knob": {
                    "name": "capsules",
                    "value": 5,
                    "start": 20,
                    "min": 1,
                    "apply": "restart",
                    "behind": 2,
                },
                "note": "capsules 5 of 20",
            }
        ],
        "tasks": [
            {
                "task": "g/a",
                "phase": "running",
                "attempt": 2,
                "class": "auth",
                "cause": "401",
                "next_at": 8.0,
                "progress": [3, 9],
                "said": None,
                "stale": None,
                "pid": 7,
                "container": "overnight-g-a-2-x",
                "containers": None,
                "cores": None,
                "mem_bytes": None,
                "waits": None,
            }
        ],
        "containers": None,
        "limits": [{"limit": "api", "held_until": 9.0, "reason": "4pm", "state": "held"}],
        "limit_costs": [
            {"limit": "api", "pauses": 2, "waited_s": 90, "lost_task_hours": 1.5},
        ],
        "advice": [
            {
                "group": "g",
                "parallel": 60,
                "suggested": 5,
                "why": "57 of 60 idle",
                "knob": "parallel",
                "source": "limits",
                "restart": False,
            }
        ],
        "needs_you": [{"what": "api", "since": 1.0, "why": "expired", "command": "az login"}],
        "under_way": [{"what": "pull x", "since": 2.0, "text": "pulling x"}],
    }
    assert set(words) == {
        "waiting", "running", "backing_off", "held", "succeeded", "failed", "aborted", "cancelled",
        "starting", "frozen", "unreachable",
    }  # fmt: skip


def whole(summary: dict[str, Any]) -> dict[str, Any]:
    return {**summary, "results": list(summary["results"])}


def test_every_document_is_json() -> None:
    batch = bad_night()
    for document in (
        documents.status(board(batch, START)),
        documents.failed(batch, STATE_DIR),
        {group: list(made) for group, made in documents.failed_tasks(batch, STATE_DIR).items()},
        whole(documents.summary(batch, STATE_DIR, START)),
        documents.state_json(batch, TaskId("scicode/expired"), STATE_DIR),
    ):
        assert json.loads(json.dumps(document)) == document
        assert "sk-live" not in json.dumps(document)
        assert "eyJ" not in json.dumps(document)


def test_failed_lists_failed_tasks_in_the_order_of_the_file() -> None:
    expired, broken = documents.failed(bad_night(), STATE_DIR)
    assert list(expired) == [
        "task", "class", "cause", "attempts", "retryable", "first_at", "ended_at", "params",
        "progress", "items_failed", "items", "log",
    ]  # fmt: skip
    assert expired["task"] == "scicode/expired"
    assert expired["cause"].startswith("login expired: openai.AuthenticationError")
    assert (expired["class"], expired["attempts"], expired["retryable"]) == ("auth", 2, True)
    assert (expired["first_at"], expired["ended_at"]) == (START + 100, START + 210)
    assert expired["params"] == {"id": "scicode/expired", "token": "[redacted]"}
    assert expired["log"] == f"{STATE_DIR}/tasks/scicode/expired/attempt-2/stderr.log"
    assert (broken["task"], broken["retryable"]) == ("corebench/Qwen/7B", False)
    assert broken["log"].endswith("/tasks/corebench/Qwen%2F7B/attempt-1/stderr.log")


@pytest.mark.parametrize(
    ("wanted", "tasks"),
    [
        ("auth", ["scicode/expired"]),
        (ErrorClass.BROKEN, ["corebench/Qwen/7B"]),
        ("network", []),
    ],
)
def test_failed_can_be_asked_for_one_class(wanted: str, tasks: list[str]) -> None:
    found = documents.failed(bad_night(), STATE_DIR, wanted)
    assert [one["task"] for one in found] == tasks


def test_failed_lists_for_scripts_name_the_aborted_too() -> None:
    lists = documents.failed_tasks(bad_night(), STATE_DIR)
    (expired,) = lists[SCI]
    broken, never = lists[CORE]
    assert expired["task_id"] == "expired"
    assert expired["error"].startswith("login expired")
    assert (expired["attempts"], expired["class"], expired["exit_code"]) == (2, "auth", 1)
    assert expired["timestamp"] == "2026-02-02T02:43:30+00:00"
    assert (broken["task_id"], broken["retryable"], broken["exit_code"]) == ("Qwen/7B", False, 127)
    assert (never["task_id"], never["class"]) == ("never", "aborted")
    assert (never["retryable"], never["attempts"], never["log"]) == (True, 0, None)


def test_copies_go_where_the_group_says() -> None:
    assert documents.failed_copies(bad_night()) == {SCI: FAILED_FILE}


def test_the_summary_has_the_keys_of_batch_runners() -> None:
    summary = documents.summary(bad_night(), STATE_DIR, START + 400)
    assert summary["started_at"] == "2026-02-02T02:40:00+00:00"
    assert summary["completed_at"] == "2026-02-02T02:46:40+00:00"
    assert summary["config"]["groups"][SCI] == {"parallel": 4, "attempts": 4, "timeout_s": None}
    assert summary["threads"] == []
    assert [(one["test_id"], one["status"]) for one in summary["results"]] == [
        ("scicode/done", "success"),
        ("scicode/expired", "error"),
        ("corebench/Qwen/7B", "error"),
        ("corebench/never", "error"),
        ("corebench/off", "cancelled"),
    ]


def test_a_reader_of_the_summary_runs_just_what_did_not_succeed() -> None:
    """The filter of the batch runner that this file's shape comes from."""
    results = documents.summary(bad_night(), STATE_DIR, START)["results"]
    again = [one["test_id"] for one in results if one["status"] == "error"]
    assert again == ["scicode/expired", "corebench/Qwen/7B", "corebench/never"]


def test_results_say_more() -> None:
    done, expired, *_ = documents.summary(bad_night(), STATE_DIR, START)["results"]
    assert (done["phase"], done["class"], done["cause"]) == ("succeeded", None, None)
    assert (done["attempts"], done["exit_code"], done["duration_s"]) == (2, 0, 10.0)
    assert (done["started_at"], done["completed_at"]) == (
        "2026-02-02T02:43:20+00:00",
        "2026-02-02T02:43:30+00:00",
    )
    assert (expired["phase"], expired["class"]) == ("failed", "auth")


def test_the_summary_tells_what_limits_cost() -> None:
    summary = documents.summary(bad_night(), STATE_DIR, START + 400)
    assert (summary["pause_count"], summary["waited_s"]) == (3, 600.0)
    assert summary["rate_limit_until"] == "2026-02-02T04:40:00+00:00"
    (pause,) = summary["pauses"]
    assert (pause["limit"], pause["from"], pause["to"]) == (
        "trapi",
        "2026-02-02T02:45:00+00:00",
        None,
    )
    assert (pause["waited_s"], pause["lost_task_hours"]) == (100.0, None)
    assert summary["groups"][SCI] == {
        "total_failures": 3,
        "recovered_by_retry": 1,
        "final_failed": 1,
        "retry_attempts": 2,
    }
    assert not summary["finished"]
    assert summary["counts"]["succeeded"] == 1
    assert sum(summary["counts"].values()) == 8


def test_a_finished_batch_was_completed_when_it_ended() -> None:
    summary = documents.summary(ended(), STATE_DIR, START + 9999)
    assert summary["finished"]
    assert summary["completed_at"] == "2026-02-02T03:40:00+00:00"
    assert summary["rate_limit_until"] is None
