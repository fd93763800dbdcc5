"""Counts tell what is complete and what is over."""

from supervisor.core.facets import NO_COUNTS
from supervisor.core.indexes import complete, over
from supervisor.core.models import GroupId
from tests.fakes.night import begun


def test_a_group_is_complete_when_all_of_it_has_succeeded() -> None:
    assert complete(NO_COUNTS)
    assert complete({**NO_COUNTS, "succeeded": 2})
    assert not complete({**NO_COUNTS, "succeeded": 2, "failed": 1})


def test_nothing_is_over_before_all_is() -> None:
    counts = {**NO_COUNTS, "succeeded": 1, "failed": 1}
    assert over(counts)
    assert not over({**counts, "waiting": 1})
    assert over(NO_COUNTS)
    assert not over(begun(["g/a"]).counts[GroupId("g")])
