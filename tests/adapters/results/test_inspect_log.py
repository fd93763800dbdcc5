"""Logs of inspect_ai: whole, still written, torn, too large, and several of one command."""

import json
from pathlib import Path

import pytest

from supervisor.adapters.results import bounded
from supervisor.adapters.results.bounded import Unreadable
from supervisor.adapters.results.inspect_log import read
from supervisor.core.models import FailedItem, ResultsSeen
from tests.adapters.results.archives import write
from tests.adapters.results.looks import aged, look

START = {
    "version": 2,
    "eval": {
        "run_id": "R",
        "task_id": "T",
        "dataset": {"samples": 3, "sample_ids": [1, 2, 3]},
        "config": {"epochs": 2},
    },
    "plan": {},
}
ERROR = {
    "message": "Error code: 401 - no such key",
    "traceback": "Traceback (most recent call last):\n  x\nopenai.AuthenticationError: Error code: 401",
}


def sample(id_: object, error: object = None, epoch: int = 1) -> dict[str, object]:
    return {"id": id_, "epoch": epoch, "error": error, "completed": True, "input": "hello"}


def over(tmp_path: Path, name: str, status: str, *samples: object, **more: object) -> Path:
    (tmp_path / "logs").mkdir(exist_ok=True)
    path = tmp_path / "logs" / name
    header = {**START, "status": status, **more}
    write(
        path,
        {
            "_journal/start.json": START,
            "summaries.json": list(samples),
            "header.json": header,
        },
    )
    return aged(path, 60)


def seen(tmp_path: Path, *, said: str = "", shared: bool = False) -> ResultsSeen:
    return read(look(tmp_path, "logs/*.eval", "logs/*.json", said=said, shared=shared))


def test_a_good_run(tmp_path: Path) -> None:
    path = over(tmp_path, "a.eval", "success", sample(1), sample(2), results={"total_samples": 2})
    assert seen(tmp_path) == ResultsSeen(
        status="success", done=2, total=2, path=str(path), names={"run_id": "R", "task_id": "T"}
    )


def test_a_failed_run_tells_its_error_and_which_samples_met_one(tmp_path: Path) -> None:
    cancelled = "CancelledError('Cancelled via cancel scope 7f')"
    samples = (sample("x", "boom"), sample(2, cancelled), sample(3))
    over(tmp_path, "a.eval", "error", *samples, error=ERROR)
    found = seen(tmp_path)
    assert (found.status, found.done, found.total, found.failed_count) == ("error", 1, 6, 1)
    assert found.failed == (FailedItem(id="x (epoch 1)", text="boom"),)
    assert found.error.endswith("openai.AuthenticationError: Error code: 401")


def test_the_message_is_told_where_there_is_no_traceback(tmp_path: Path) -> None:
    over(tmp_path, "a.eval", "error", error={"message": "Task not found", "traceback": ""})
    assert seen(tmp_path).error == "Task not found"


def test_a_run_that_is_not_over_has_only_a_journal(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs/a.eval"
    first, again = [sample(1, "boom"), sample(2)], [sample(1), sample(1, "x", epoch=2)]
    write(
        path,
        {
            "_journal/start.json": START,
            "_journal/summaries/1.json": first,
            "_journal/summaries/10.json": again,
            "_journal/summaries/2.json": first,
        },
    )
    aged(path, 60)
    found = seen(tmp_path)
    assert (found.status, found.done, found.total, found.failed_count) == ("started", 2, 6, 1)


def test_the_state_of_several_is_that_of_the_worst(tmp_path: Path) -> None:
    over(tmp_path, "a.eval", "success", sample(1))
    bad = over(tmp_path, "b.eval", "error", sample(2, "bad"), error=ERROR)
    over(tmp_path, "c.eval", "cancelled", sample(3))
    found = seen(tmp_path)
    assert (found.status, found.path, found.done, found.total) == ("error", str(bad), 2, 18)


def test_only_the_log_that_the_runner_named_counts_in_a_shared_place(tmp_path: Path) -> None:
    over(tmp_path, "a.eval", "error", error=ERROR)
    over(tmp_path, "b.eval", "success", sample(1))
    assert seen(tmp_path, said="Log: logs/b.eval", shared=True).status == "success"
    with pytest.raises(Unreadable, match="another attempt's"):
        seen(tmp_path, shared=True)


def test_torn_and_foreign_files_are_told(tmp_path: Path) -> None:
    path = over(tmp_path, "a.eval", "success", sample(1))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    aged(path, 60)
    with pytest.raises(Unreadable, match=r"a\.eval: is half written"):
        seen(tmp_path)
    write(path, {"something": {}})
    aged(path, 60)
    with pytest.raises(Unreadable, match=r"has no _journal/start\.json"):
        seen(tmp_path)


def test_values_of_other_kinds_do_no_harm(tmp_path: Path) -> None:
    over(tmp_path, "a.eval", "wonderful", "x", 3, {"id": []}, eval=[], error="no", results=3)
    found = seen(tmp_path)
    assert (found.status, found.total, found.error) == ("started", None, "")


def test_samples_are_counted_where_their_summaries_are_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs/a.eval"
    big = json.dumps([{"id": 1, "input": "x" * bounded.LARGEST}]).encode()
    samples = {f"samples/{number}_epoch_1.json": b"{}" for number in range(5)}
    write(path, {**samples, "summaries.json": big, "header.json": {**START, "status": "success"}})
    aged(path, 60)
    found = seen(tmp_path)
    assert (found.status, found.done, found.total) == ("success", 5, 6)


def as_json(tmp_path: Path, value: object, pad: int = 0) -> None:
    (tmp_path / "logs").mkdir(exist_ok=True)
    path = tmp_path / "logs/a.json"
    path.write_text(json.dumps(value, indent=2).replace("PAD", "x" * pad))
    aged(path, 60)


def test_the_json_format(tmp_path: Path) -> None:
    samples = [sample(1), sample(2, {"message": "boom", "traceback": "…"})]
    as_json(tmp_path, {**START, "status": "error", "error": ERROR, "samples": samples})
    found = seen(tmp_path)
    assert (found.status, found.done, found.failed_count) == ("error", 1, 1)
    assert found.failed[0].text == "boom"


def test_of_a_huge_json_log_the_beginning_is_read(tmp_path: Path) -> None:
    header = {**START, "status": "error", "error": ERROR}
    as_json(tmp_path, {**header, "samples": [{"input": "PAD"}]}, bounded.LARGEST)
    assert (seen(tmp_path).status, seen(tmp_path).done) == ("error", 0)
    as_json(tmp_path, {"version": 2, "eval": "PAD"}, bounded.LARGEST)
    with pytest.raises(Unreadable, match="too large"):
        seen(tmp_path)


def test_nothing_there_says_nothing(tmp_path: Path) -> None:
    assert seen(tmp_path) == ResultsSeen()
