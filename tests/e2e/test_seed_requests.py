"""Requests of a batch API: what failed is asked again under its own id, what cannot work is not."""

import json
from collections import Counter

import pytest

from tests.e2e.night import Night
from tests.e2e.runners.api import Answer, Call, serving
from tests.e2e.seeds import failed, launches, runner, summary
from tests.support import until_sync

pytestmark = pytest.mark.timeout(300)

IDS = [f"sample_{number:03}" for number in range(1, 13)]
TWICE, ONCE, POLICY, MODEL, DOWN = IDS[2], IDS[4], IDS[6], IDS[7], IDS[8]
POLICY_SAYS = "The response was filtered due to the prompt triggering content management policy."
MODEL_SAYS = "The model `gpt-9` does not exist or you do not have access to it."
SERVER_SAYS = 500, "The server had an error while processing your request."


class Provider:
    """Some requests fail once or twice, some always; counts what it has answered."""

    def __init__(self) -> None:
        self.down = True
        self.answered: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def __call__(self, call: Call) -> Answer:
        id_ = call.path.rpartition("/")[2]
        error = self._error(id_) if call.path.startswith("/stage_1") else None
        self.refused[id_] += error is not None
        self.answered[call.path] += error is None
        return error or (200, "fine")

    def _error(self, id_: str) -> Answer | None:
        if id_ == POLICY:
            return 400, POLICY_SAYS
        if id_ == MODEL:
            return 400, MODEL_SAYS
        fails = {TWICE: 2, ONCE: 1, DOWN: 1_000_000 if self.down else 0}
        return SERVER_SAYS if self.refused[id_] < fails.get(id_, 0) else None


def stages(limit: str) -> str:
    words = "{stage} {{id}}"
    return "\n".join(
        [
            "batch: night",
            "parallel: 2",
            f"limit: {limit}",
            "retry: {attempts: 4, base: 300ms, factor: 2, cap: 300s, jitter: 50ms..100ms}",
            "breaker: {then: off}",
            "groups:",
            *(
                line
                for stage in ("stage_1", "stage_2")
                for line in (
                    f"  {stage}:",
                    '    id: "{id}"',
                    "    for: {id: {lines: ids.txt}}",
                    f'    run: "{runner("request.py")} {words.format(stage=stage)}"',
                )
            ),
            "    needs: [{group: stage_1, when: ended}]",
            "",
        ]
    )


STAGE_1 = [f"stage_1/{id_}" for id_ in IDS]
STAGE_2 = [f"stage_2/{id_}" for id_ in IDS]
LOST = ["stage_1/" + id_ for id_ in (POLICY, MODEL, DOWN)]


def test_failed_requests_are_asked_again_and_successes_add_up(night: Night) -> None:
    provider = Provider()
    (night.place / "ids.txt").write_text("\n".join(IDS) + "\n")
    with serving(provider) as api:
        night.environment["API"] = api.url
        # Each has a limit of its own: two that fail in a row are no outage of all.
        night.write(stages('"{id}"'))
        night.detach()
        # In the middle of a retry the engine dies, and the next one knows what was counted.
        until_sync(lambda: provider.refused[TWICE] and provider.refused[DOWN], timeout_s=40)
        night.kill_engine()
        night.run(code=1)
        after_the_night(night, provider)

        provider.down = False
        night.run("--retry-errors", code=1)
    assert [one["task"] for one in failed(night)] == LOST[:2]
    assert provider.refused[POLICY] == provider.refused[MODEL] == 2
    each_succeeded_once(night, provider, [*set(STAGE_1) - set(LOST[:2]), *STAGE_2])
    found = summary(night)["groups"]["stage_1"]
    assert (found["total_failures"], found["recovered_by_retry"], found["final_failed"]) == (
        5,
        3,
        2,
    )


def after_the_night(night: Night, provider: Provider) -> None:
    """Check what was recovered, what is lost and why, and that stage 2 came after stage 1."""
    by_task = {one["task"]: one for one in failed(night)}
    assert {task: (one["class"], one["retryable"]) for task, one in by_task.items()} == {
        LOST[0]: ("content_policy", False),
        LOST[1]: ("bad_request", False),
        LOST[2]: ("server_error", True),
    }
    assert [provider.refused[id_] for id_ in (POLICY, MODEL)] == [1, 1], "no use in asking again"
    counted = json.loads((night.state / f"tasks/{LOST[2]}/state.json").read_text())["history"]
    assert sum(one["counted"] for one in counted) == 4, "as if the engine had never died"
    each_succeeded_once(night, provider, [*set(STAGE_1) - set(LOST), *STAGE_2])
    manifest = json.loads((night.state / "stage_1_failed_tasks.json").read_text())
    assert [(one["task_id"], one["class"]) for one in manifest] == [
        (POLICY, "content_policy"),
        (MODEL, "bad_request"),
        (DOWN, "server_error"),
    ]
    assert POLICY_SAYS in manifest[0]["error"]
    found = summary(night)["groups"]
    assert (found["stage_1"]["recovered_by_retry"], found["stage_1"]["final_failed"]) == (2, 3)
    assert (found["stage_2"]["recovered_by_retry"], found["stage_2"]["final_failed"]) == (0, 0)
    runs = launches(night)
    last = max(run.ended_at for task in STAGE_1 for run in runs[task])
    assert min(run.began_at for task in STAGE_2 for run in runs[task]) > last


def each_succeeded_once(night: Night, provider: Provider, tasks: list[str]) -> None:
    """Check that every success was asked for once, and lies in the results under its own id."""
    assert provider.answered == Counter({f"/{task}": 1 for task in tasks})
    for stage in ("stage_1", "stage_2"):
        lines = (night.place / f"{stage}.jsonl").read_text().splitlines()
        ids = [json.loads(line)["custom_id"] for line in lines]
        assert sorted(f"{stage}/{id_}" for id_ in ids) == sorted(
            task for task in tasks if task.startswith(stage)
        )


class Unpaid:
    """Nothing at all is accepted until somebody pays."""

    def __init__(self) -> None:
        self.paid = False

    def __call__(self, call: Call) -> Answer:
        quota = "You exceeded your current quota, please check your plan and billing details."
        return (200, "fine") if self.paid else (429, quota)


def test_an_account_that_accepts_nothing_fails_no_request(night: Night) -> None:
    provider = Unpaid()
    (night.place / "ids.txt").write_text("\n".join(IDS) + "\n")
    with serving(provider) as api:
        night.environment["API"] = api.url
        night.write(stages("provider"))
        night.run("--max-wait", "0", code=2)
        asked = len(api.calls)
        assert asked <= 2, "the others were not to be thrown after them"
        assert failed(night) == []
        (need,) = night.status()["needs_you"]
        assert need["what"] == "provider"
        assert "quota" in need["why"]
        assert need["command"] == "overnight resume provider"
        night.run("--max-wait", "0", code=2)
        assert len(api.calls) == asked, "waiting does not help, and nobody has released it"

        provider.paid = True
        night.detach()
        night.overnight("resume", "provider", code=0)
        night.overnight("wait", "night", code=0)
    assert all(result["status"] == "success" for result in summary(night)["results"])
    assert len(summary(night)["results"]) == 24
