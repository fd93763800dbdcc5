"""The knobs of a group as clients show them."""

from supervisor.core.board import KnobRow
from supervisor.core.intents import SetParallel
from supervisor.core.knob_row import bounds, knob_row
from supervisor.core.models import GroupId, InnerPolicy
from tests.fakes.night import asked, begun, group

G = GroupId("g")


def test_a_plain_group_has_neither() -> None:
    batch = begun(["g/a"])
    assert bounds(batch, G) is None
    assert knob_row(batch, G) is None


def test_a_range_and_an_inner_knob() -> None:
    spec = group(parallel_least=2, inner=InnerPolicy(knob="capsules", start=20, least=3))
    batch, _, _ = asked(begun(["g/a"], [spec]), SetParallel(group=G, parallel=5), 5)
    assert bounds(batch, G) == (2, 4)
    assert knob_row(batch, G) == KnobRow(
        name="capsules", value=5, start=20, least=3, apply="restart", behind=1
    )
    batch, _, _ = asked(batch, SetParallel(group=G, parallel=3, knob="parallel"), 6)
    assert bounds(batch, G) is None
