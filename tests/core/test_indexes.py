"""Counts tell what is over."""

from supervisor.core.facets import NO_COUNTS
from supervisor.core.indexes import over
from supervisor.core.models import GroupId
from tests.fakes.night import begun


def test_nothing_is_over_before_all_is() -> None:
    counts = {**NO_COUNTS, "succeeded": 1, "failed": 1}
    assert over(counts)
    assert not over({**counts, "waiting": 1})
    assert over(NO_COUNTS)
    assert not over(begun(["g/a"]).counts[GroupId("g")])
