"""What the port's answers say."""

from supervisor.ports import Ended


def test_only_what_cannot_be_killed_is_in_the_way() -> None:
    hows = ("stopped", "killed", "removed", "gone", "unkillable")
    assert [Ended(id="a", name="a", how=how).ok for how in hows] == [True, True, True, True, False]
