import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from supervisor import kit
from supervisor.kit.marks import Marks

Item = dict[str, object]
ITEMS: list[Item] = [{"id": f"q{n}", "text": f"why {n}"} for n in range(5)]


def test_a_plain_loop_records_everything(tmp_path: Path) -> None:
    with kit.run(tmp_path / "r.jsonl") as run:
        for item in run.todo(ITEMS):
            run.done(item, {"answer": item["text"]})
    assert run.counts == kit.Counts(done=5, failed=0, total=5)
    assert run.exit_code == 0
    with kit.run(tmp_path / "r.jsonl") as run:
        assert run.left(ITEMS) == []
        assert [one.result["answer"] for one in run.outcomes()] == [f"why {n}" for n in range(5)]


def _dies_at(run: kit.Run, number: int) -> None:
    with run:
        for place, item in enumerate(run.todo(ITEMS)):
            if place == number:
                raise RuntimeError("killed")
            run.done(item)


def test_resume_goes_on_where_it_stopped(tmp_path: Path) -> None:
    run = kit.run(tmp_path / "r")
    with pytest.raises(RuntimeError, match="killed"):
        _dies_at(run, 3)
    assert run.exit_code == 1
    with kit.run(tmp_path / "r") as run:
        assert [item["id"] for item in run.todo(ITEMS)] == ["q3", "q4"]


def test_failed_items_are_repeated_on_request_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kit.run(tmp_path / "r") as run:
        for item in run.todo(ITEMS):
            if item["id"] == "q2":
                run.failed(item, ValueError("bad"))
            else:
                run.done(item)
    assert (run.counts.done, run.counts.failed, run.exit_code) == (4, 1, 1)
    with kit.run(tmp_path / "r") as run:
        assert run.left(ITEMS) == []
    with kit.run(tmp_path / "r", retry_failed=True) as run:
        assert [item["id"] for item in run.left(ITEMS)] == ["q2"]
    monkeypatch.setenv("KIT_RETRY_FAILED", "1")
    with kit.run(tmp_path / "r") as run:
        for item in run.todo(ITEMS):
            run.done(item)
    assert (run.counts.failed, run.exit_code) == (0, 0)


def test_an_interrupt_is_no_failure(tmp_path: Path) -> None:
    with kit.run(tmp_path / "r") as run, pytest.raises(KeyboardInterrupt):
        run.failed(ITEMS[0], KeyboardInterrupt())
    assert run.counts.failed == 0


def test_a_changed_item_is_noticed_before_anything_is_done(tmp_path: Path) -> None:
    with kit.run(tmp_path / "r") as run:
        for item in run.todo(ITEMS):
            run.done(item)
    changed = [*ITEMS[:-1], {"id": "q4", "text": "why now"}]
    with kit.run(tmp_path / "r") as run, pytest.raises(kit.InputChangedError, match="item q4"):
        next(run.todo(changed))
    with kit.run(tmp_path / "r") as run, pytest.raises(kit.InputChangedError, match="item q4"):
        list(run.todo(iter(changed)))
    with kit.run(tmp_path / "r", changed="keep") as run:
        assert run.left(changed) == []
    with kit.run(tmp_path / "r", changed="again") as run:
        assert [item["id"] for item in run.left(changed)] == ["q4"]


def test_two_items_of_one_key_are_refused(tmp_path: Path) -> None:
    with kit.run(tmp_path / "r") as run:
        with pytest.raises(kit.KitError, match="the key b"):
            run.left(["a", "b", "c", "b"])
        with pytest.raises(kit.KitError, match="the key b"):
            run.left(iter(["a", "b", "c", "b"]))
        assert run.left(["a", "b"]) == ["a", "b"]


def test_outside_of_its_with_a_run_says_so(tmp_path: Path) -> None:
    run = kit.run(tmp_path / "r")
    with pytest.raises(kit.KitError, match="with statement"):
        run.done("q")


def test_progress_is_told_as_it_is(tmp_path: Path) -> None:
    marks = Marks({"OVERNIGHT_MARKS": str(tmp_path / "m")})
    with kit.run(tmp_path / "r", marks=marks) as run:
        for item in run.todo(["a", "b", "c"]):
            if item == "b":
                run.failed(item, "HTTP 500", error_class="server_error")
            else:
                run.done(item)
                run.used(tokens_in=10, cost=0.5)
    said = [json.loads(line) for line in (tmp_path / "m").read_text().splitlines()]
    assert said[1] == {"done": 0, "errors": 0, "total": 3}
    assert {"done": 1, "errors": 0, "total": 3, "item": "b"} in said
    assert {"failed": "b", "class": "server_error", "error": "HTTP 500"} in said
    assert {"tokens_in": 20, "cost": 1.0} in said
    assert said[-1] == {"done": 2, "errors": 1, "total": 3}


def test_a_mended_item_is_told(tmp_path: Path) -> None:
    with kit.run(tmp_path / "r") as run:
        run.failed("a", "boom")
    marks = Marks({"OVERNIGHT_MARKS": str(tmp_path / "m")})
    with kit.run(tmp_path / "r", retry_failed=True, marks=marks) as run:
        for item in run.todo(["a"]):
            run.done(item)
    assert '{"ok":"a"}' in (tmp_path / "m").read_text()


def test_outcomes_go_to_the_task_or_beside_the_script(tmp_path: Path) -> None:
    script = tmp_path / "my_eval.py"
    script.write_text(
        "from supervisor import kit\n"
        "with kit.run() as run:\n"
        "    for item in run.todo(['a']):\n"
        "        run.done(item)\n"
    )
    task = tmp_path / "task"
    task.mkdir()
    plain = dict(os.environ)
    for environment in (plain, plain | {"OVERNIGHT_TASK_DIR": str(task)}):
        subprocess.run([sys.executable, script], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "my_eval.results.jsonl").exists()
    assert (task / "results.jsonl").exists()


def test_another_attempt_under_the_supervisor_repeats_what_may_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kit.run(tmp_path / "r") as run:
        run.failed("a", "HTTP 500", error_class="server_error")
        run.failed("b", "refused", error_class="content_policy")
        run.done("c")
    items = ["a", "b", "c", "d"]

    def left(attempt: str, said: str = "", asked: bool | None = None) -> list[str]:
        monkeypatch.setenv("OVERNIGHT_ATTEMPT", attempt)
        monkeypatch.setenv("KIT_RETRY_FAILED", said)
        with kit.run(tmp_path / "r", retry_failed=asked) as run:
            return run.left(items)

    assert left("1") == ["d"]
    assert left("2") == ["a", "d"]
    assert left("2", "0") == ["d"]
    assert left("2", "0", asked=True) == ["a", "b", "d"]
    assert left("2", asked=False) == ["d"]
