"""What two looks at a machine tell."""

from dataclasses import replace

import pytest

from supervisor.core.machine import LoadSeen, Sample, cores_between, sample

SEEN = LoadSeen(at=100.0, busy_s=50.0, mem_share=0.75)


def test_two_looks_tell_how_busy_it_was() -> None:
    later = replace(SEEN, at=120.0, busy_s=80.0)
    assert sample(SEEN, later) == Sample(at=120.0, cores=1.5, mem_share=0.75)


@pytest.mark.parametrize(
    ("before", "after", "span_s"),
    [
        pytest.param(None, 5.0, 1.0, id="not known before"),
        pytest.param(5.0, None, 1.0, id="not known after"),
        pytest.param(5.0, 6.0, 0.0, id="no time between"),
        pytest.param(6.0, 5.0, 1.0, id="counted anew"),
    ],
)
def test_what_the_kernel_does_not_say_is_unknown(
    before: float | None, after: float | None, span_s: float
) -> None:
    assert cores_between(before, after, span_s) is None
    seen = replace(SEEN, busy_s=before), replace(SEEN, at=SEEN.at + span_s, busy_s=after)
    assert sample(*seen) is None
