"""What proves an end good or bad besides its exit code."""

from dataclasses import replace

import pytest

from supervisor.core.models import End, FailedItem, GroupId, GroupSpec, ResultsSeen
from supervisor.core.runners import RunnerProfile, SuccessSigns
from supervisor.core.success import proved_bad, proved_good, success_signs

PROFILE = RunnerProfile(
    name="x", success=SuccessSigns(exit=(0, 3), files=("a.json",), markers=("done",))
)
GROUP = GroupSpec(name=GroupId("g"))


def end(seen: ResultsSeen | None) -> End:
    return End(code=0, ended_at=1.0, results=seen)


def test_what_the_group_says_comes_before_the_profile() -> None:
    assert success_signs(GROUP, PROFILE) == PROFILE.success
    own = replace(GROUP, success_exit=(7,), success_files=(), success_markers=("over",))
    assert success_signs(own, PROFILE) == SuccessSigns(exit=(7,), markers=("over",))


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (None, ""),
        (ResultsSeen(), ""),
        (ResultsSeen(status="success", failed_count=2), ""),
        (ResultsSeen(missing_files=("a", "b")), "it ended, but wrote no a and 1 more"),
        (ResultsSeen(missing_markers=("all done",)), "it ended, but never wrote 'all done'"),
        (ResultsSeen(status="error"), "its results say error"),
        (ResultsSeen(status="cancelled"), "its results say cancelled"),
        (ResultsSeen(status="started"), "its results were never finished"),
        (
            ResultsSeen(failed=(FailedItem(id="1", text="x"),), failed_count=1, total=5),
            "its results say error: 1 of 5 items failed",
        ),
        (ResultsSeen(status="error", failed_count=2), "its results say error: 2 items failed"),
    ],
)
def test_what_proves_it_bad(seen: ResultsSeen | None, words: str) -> None:
    assert proved_bad(end(seen)) == words


def test_what_proves_it_good() -> None:
    assert not proved_good(end(None))
    assert not proved_good(end(ResultsSeen()))
    assert not proved_good(end(ResultsSeen(proved=True, status="error")))
    assert proved_good(end(ResultsSeen(proved=True)))
    assert proved_good(end(ResultsSeen(status="success")))
