"""Failed requests of a batch are sent again under their own ids, and no batch is sent twice."""

import json
import resource
from pathlib import Path
from typing import Any

import pytest

from supervisor.kit.batches import retry_failed_requests, run_batch_stage
from supervisor.kit.batches_sender import BatchPace
from supervisor.kit.batches_types import (
    BatchFailedError,
    BatchNotDoneError,
    BatchRequest,
    BatchResult,
    UncertainSubmissionError,
)
from supervisor.kit.errors import BusyError, CheckpointError, InputChangedError, KitError
from tests.fakes.batch_api import FakeBatches, FindableBatches, KilledError, Steps

IDS = [f"sample_{number:03}_original_e0" for number in range(100)]
REQUESTS = [BatchRequest(custom_id=name, body={"n": name}) for name in IDS]


class World:
    """Time that passes only in sleeps."""

    def __init__(self, steps: Steps | None = None) -> None:
        self.now = 1_000_000.0
        self.slept: list[float] = []
        self.warned: list[str] = []
        self._steps = steps or Steps()

    async def sleep(self, seconds: float) -> None:
        self._steps()
        self.slept.append(seconds)
        self.now += seconds

    def pace(self, **facts: Any) -> BatchPace:
        return BatchPace(
            sleep=self.sleep,
            now=lambda: self.now,
            jitter=lambda low, high: 1.0,
            warn=self.warned.append,
            **facts,
        )


def fate(custom_id: str, round_number: int) -> str | None:
    """100, 10 fail; 10, 3 fail; 3, 1 fails."""
    left = (10, 3, 1)[min(round_number, 2)]
    return "server_error: try again" if int(custom_id[7:10]) < left else None


def results_of(errors: dict[int, str]) -> list[BatchResult]:
    return [
        BatchResult(custom_id=name, success=number not in errors, error=errors.get(number))
        for number, name in enumerate(IDS)
    ]


TEN_FAIL = results_of(dict.fromkeys(range(10), "server_error: try again"))


async def retry(
    place: Path, provider: FakeBatches, results: list[BatchResult] = TEN_FAIL, **options: Any
) -> tuple[list[BatchResult], list[BatchResult]]:
    options = {"pace": World().pace(), "description": "math-paraphrase"} | options
    return await retry_failed_requests(
        provider, REQUESTS, results, manifest=place / "manifest.json", **options
    )


def entry(place: Path, stage: str = "stage_1") -> dict[str, Any]:
    document = json.loads((place / "manifest.json").read_text())
    return dict(document["failed_requests"]["math-paraphrase"][stage])


async def test_100_then_10_then_3_then_1(tmp_path: Path) -> None:
    provider, world = FakeBatches(fate), World()
    results = await run_batch_stage(
        provider,
        REQUESTS,
        manifest=tmp_path / "manifest.json",
        description="math-paraphrase",
        pace=world.pace(),
    )
    assert [len(sent) for sent in provider.sent] == [100, 10, 3]
    assert provider.sent[1] == IDS[:10]
    assert [one.custom_id for one in results] == IDS
    assert [one.custom_id for one in results if not one.success] == IDS[:1]
    assert [one.response for one in results[1:11]] == [{"round": 2}] * 2 + [{"round": 1}] * 7 + [
        {"round": 0}
    ]
    assert entry(tmp_path) == {
        "final_failed_ids": IDS[:1],
        "total_failures": 10,
        "recovered_by_retry": 9,
        "retry_attempts": 2,
        "errors": {IDS[0]: "server_error: try again"},
        "retry_batch_ids": ["1", "2"],
        "retry_status": "exhausted",
    }
    again = await run_batch_stage(
        provider, REQUESTS, manifest=tmp_path / "manifest.json", description="math-paraphrase"
    )
    assert again == results
    assert len(provider.sent) == 3


async def test_what_is_permanent_is_not_sent(tmp_path: Path) -> None:
    failed = results_of({5: "content_policy_violation", 7: "rate_limit_exceeded: slow down"})
    provider = FakeBatches(lambda custom_id, number: None)
    succeeded, still_failed = await retry(tmp_path, provider, failed)
    assert provider.sent == [[IDS[7]]]
    assert [one.custom_id for one in succeeded] == [IDS[7]]
    assert [one.custom_id for one in still_failed] == [IDS[5]]
    assert entry(tmp_path)["retry_status"] == "completed"
    assert entry(tmp_path)["errors"] == {IDS[5]: "content_policy_violation"}


async def test_nothing_failed_so_nothing_is_sent(tmp_path: Path) -> None:
    provider = FakeBatches(fate)
    assert await retry(tmp_path, provider, results_of({})) == ([], [])
    assert provider.sent == []
    assert entry(tmp_path)["total_failures"] == 0


async def test_it_is_sent_at_once_and_looked_at_ever_less_often(tmp_path: Path) -> None:
    provider, world = FakeBatches(lambda custom_id, number: None, looks=7), World()
    await retry(tmp_path, provider, pace=world.pace())
    assert world.slept == [30, 60, 120, 240, 300, 300, 300]


async def test_stages_and_other_content_stand_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"model": "m", "failed_requests": {"other": {}}}')
    await retry(tmp_path, FakeBatches(fate))
    await retry(tmp_path, FakeBatches(lambda custom_id, number: None), stage=2)
    document = json.loads((tmp_path / "manifest.json").read_text())
    assert document["model"] == "m"
    assert list(document["failed_requests"]["math-paraphrase"]) == ["stage_1", "stage_2"]
    assert entry(tmp_path).keys() == entry(tmp_path, "stage_2").keys()
    assert document["submitted_requests"] == 10 + 10 + 10


async def test_a_batch_that_fails_whole_is_an_outcome_of_its_own(tmp_path: Path) -> None:
    provider = FakeBatches(fate)
    provider.whole[1] = "the batch was rejected: queue full"
    provider.sent.append([])  # the first batch, which was not ours to send
    with pytest.raises(BatchFailedError, match="queue full") as caught:
        await retry(tmp_path, provider)
    assert caught.value.batch_id == "1"
    assert len(caught.value.still_failed) == 10
    assert entry(tmp_path)["retry_status"] == "batch_failed"
    succeeded, still_failed = await retry(tmp_path, provider)
    assert (len(succeeded), len(still_failed)) == (9, 1)


async def test_batches_that_fail_whole_use_up_rounds(tmp_path: Path) -> None:
    provider = FakeBatches(fate)
    provider.whole = {0: "once", 1: "twice", 2: "never reached"}
    for reason in ("once", "twice", "twice"):
        with pytest.raises(BatchFailedError, match=reason):
            await retry(tmp_path, provider)
    assert len(provider.sent) == 2


async def test_a_first_batch_that_fails_whole_is_not_retried_by_itself(tmp_path: Path) -> None:
    provider = FakeBatches(fate)
    provider.whole[0] = "invalid file"
    with pytest.raises(BatchFailedError, match="invalid file"):
        await stage(tmp_path, provider, World())
    assert len(provider.sent) == 1
    provider.whole.clear()
    assert len(await stage(tmp_path, provider, World())) == 100
    assert [len(sent) for sent in provider.sent] == [100, 100, 3, 1]


async def test_results_that_are_missing_are_failures(tmp_path: Path) -> None:
    provider = FakeBatches(lambda custom_id, number: "lost" if custom_id == IDS[3] else None)
    _, still_failed = await retry(tmp_path, provider)
    assert [one.error for one in still_failed] == ["no_result: the batch has none for it"]
    assert [len(sent) for sent in provider.sent] == [10, 1]


async def test_a_quota_is_warned_of_when_four_fifths_are_used(tmp_path: Path) -> None:
    world = World()
    await retry(tmp_path, FakeBatches(fate), pace=world.pace(quota=22))
    assert world.warned == [
        "math-paraphrase.stage_1: 20 of the 22 batch requests of the quota are used"
    ]


class RefusedError(Exception):
    status_code = 429

    def __str__(self) -> str:
        return "Error code: 429 - rate limit exceeded"


class VanishedError(ConnectionError):
    accepted = True


async def test_a_refused_submission_is_made_again(tmp_path: Path) -> None:
    provider, world = FakeBatches(lambda custom_id, number: None), World()
    provider.faults = [RefusedError(), RefusedError()]
    await retry(tmp_path, provider, pace=world.pace())
    assert len(provider.sent) == 1
    assert world.slept == [30, 60, 30]


async def test_a_time_that_the_provider_states_is_waited_out(tmp_path: Path) -> None:
    class BusyApiError(RefusedError):
        headers = {"retry-after": "400"}

    provider, world = FakeBatches(lambda custom_id, number: None), World()
    provider.faults = [BusyApiError()]
    await retry(tmp_path, provider, pace=world.pace())
    assert world.slept == [400, 30]


async def test_a_submission_refused_for_good_is_told_and_free_to_be_made_later(
    tmp_path: Path,
) -> None:
    class DeniedError(Exception):
        status_code = 401

    provider = FakeBatches(lambda custom_id, number: None)
    provider.faults = [DeniedError("Error code: 401 - invalid api key")]
    with pytest.raises(DeniedError):
        await retry(tmp_path, provider)
    assert entry(tmp_path)["retry_status"] == "in_progress"
    await retry(tmp_path, provider)
    assert len(provider.sent) == 1


async def test_who_got_no_answer_asks_before_sending_again(tmp_path: Path) -> None:
    provider = FindableBatches(lambda custom_id, number: None)
    provider.faults = [VanishedError("connection reset by peer")]
    succeeded, _ = await retry(tmp_path, provider)
    assert len(provider.sent) == 1
    assert len(succeeded) == 10


def append(path: Path, line: str) -> None:
    path.write_text(path.read_text() + line)


async def test_where_nobody_can_be_asked_a_person_must(tmp_path: Path) -> None:
    provider = FakeBatches(lambda custom_id, number: None)
    provider.faults = [VanishedError("connection reset by peer")]
    with pytest.raises(UncertainSubmissionError, match="accepted"):
        await retry(tmp_path, provider)
    with pytest.raises(UncertainSubmissionError) as caught:
        await retry(tmp_path, provider)
    journal = Path(str(caught.value).partition(": ")[0])
    append(journal, '{"fact":"submitted","batch_id":"0"}\n')
    succeeded, _ = await retry(tmp_path, provider)
    assert len(provider.sent) == 1
    assert len(succeeded) == 10


async def test_who_does_not_answer_is_asked_again(tmp_path: Path) -> None:
    class Shy(FakeBatches):
        def __init__(self) -> None:
            super().__init__(lambda custom_id, number: None)
            self.asked = 0

        async def poll(self, batch_id: str) -> Any:
            self.asked += 1
            if self.asked < 4:
                raise TimeoutError("Request timed out.")
            return await super().poll(batch_id)

    succeeded, _ = await retry(tmp_path, Shy())
    assert len(succeeded) == 10


async def test_a_batch_without_end_is_left_for_later(tmp_path: Path) -> None:
    provider, world = FakeBatches(lambda custom_id, number: None, looks=50), World()
    with pytest.raises(BatchNotDoneError, match="longer than 1 h"):
        await retry(tmp_path, provider, pace=world.pace(max_wait=3600.0))
    assert entry(tmp_path)["retry_status"] == "in_progress"
    later = World()
    later.now = world.now
    await retry(tmp_path, provider, pace=later.pace())
    assert len(provider.sent) == 1
    assert later.slept[0] == 60, "the first look was at once"


async def test_waiting_for_a_batch_is_told_to_the_supervisor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERNIGHT_MARKS", str(tmp_path / "marks"))
    await retry(tmp_path, FakeBatches(lambda custom_id, number: None))
    marks = [json.loads(line) for line in read_lines(tmp_path / "marks")]
    assert marks == [
        {"waiting": "batch 0 is under way", "until": 1_000_030.0},
        {"waiting": None},
    ]


def read_lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


async def test_other_failures_are_not_mixed_with_what_is_known(tmp_path: Path) -> None:
    await retry(tmp_path, FakeBatches(fate))
    with pytest.raises(InputChangedError, match="10 other requests"):
        await retry(tmp_path, FakeBatches(fate), results_of({50: "timeout"}))


async def test_input_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="no request has the id x"):
        await retry(tmp_path, FakeBatches(fate), [BatchResult(custom_id="x", success=False)])
    with pytest.raises(KitError, match="two requests have the id"):
        await run_batch_stage(
            FakeBatches(fate), REQUESTS[:1] * 2, manifest=tmp_path / "m", description="d"
        )


async def test_no_requests_are_no_batch(tmp_path: Path) -> None:
    provider = FakeBatches(fate)
    assert await run_batch_stage(provider, [], manifest=tmp_path / "m", description="d") == []
    assert provider.sent == []


async def stage(place: Path, provider: FakeBatches, world: World) -> list[BatchResult]:
    return await run_batch_stage(
        provider,
        REQUESTS,
        manifest=place / "manifest.json",
        description="math-paraphrase",
        pace=world.pace(),
    )


async def test_killed_between_any_two_steps_it_goes_on_and_sends_nothing_twice(
    tmp_path: Path,
) -> None:
    whole = Steps()
    expected = await stage(tmp_path / "whole", FindableBatches(fate, steps=whole), World(whole))
    manifest = entry(tmp_path / "whole")
    assert whole.taken >= 12
    for number in range(1, whole.taken + 1):
        steps, place = Steps(), tmp_path / str(number)
        provider = FindableBatches(fate, steps=steps)
        steps.kill_at = number
        with pytest.raises(KilledError):
            await stage(place, provider, World(steps))
        assert await stage(place, provider, World(steps)) == expected, number
        assert [len(sent) for sent in provider.sent] == [100, 10, 3], number
        assert entry(place) == manifest, number


async def test_killed_again_and_again_it_still_gets_there(tmp_path: Path) -> None:
    steps = Steps()
    provider = FindableBatches(fate, steps=steps)
    for _ in range(100):
        steps.kill_at = steps.taken + 4
        try:
            results = await stage(tmp_path, provider, World(steps))
            break
        except KilledError:
            continue
    else:
        raise AssertionError("no progress")
    assert sum(one.success for one in results) == 99
    assert [len(sent) for sent in provider.sent] == [100, 10, 3]


@pytest.mark.parametrize("size_limit", [10, 200, *range(2500, 12600, 450)])
async def test_a_full_disk_at_any_write_sends_nothing_twice(
    tmp_path: Path, size_limit: int
) -> None:
    provider = FindableBatches(fate)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_limit, hard))
    try:
        with pytest.raises(CheckpointError):
            await stage(tmp_path, provider, World())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert sum(one.success for one in await stage(tmp_path, provider, World())) == 99
    assert [len(sent) for sent in provider.sent] == [100, 10, 3]


def test_errors_that_a_caller_may_catch_have_one_base() -> None:
    for kind in (BatchFailedError, BatchNotDoneError, UncertainSubmissionError, BusyError):
        assert issubclass(kind, KitError)
