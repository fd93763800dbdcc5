"""A fault of the engine ends no night, and one that comes again and again is not hidden."""

from collections.abc import Sequence  # noqa: TC003 - a test file types at run time

from supervisor.engine.again import Again


def test_three_faults_in_ten_minutes_are_the_most() -> None:
    moments = iter([100.0, 200.0, 300.0, 400.0])
    became: list[Sequence[float]] = []
    again = Again((), now=lambda: next(moments), become=became.append)
    for _ in range(3):
        again.failed()
        assert again.goes_on
        again.begin()
    again.failed()
    assert not again.goes_on
    assert became == [(100.0,), (100.0, 200.0), (100.0, 200.0, 300.0)]


def test_faults_far_apart_are_forgotten() -> None:
    again = Again((100.0, 200.0, 300.0), now=lambda: 750.0, become=lambda _: None)
    again.failed()
    assert again.goes_on
    assert again.faults == (200.0, 300.0, 750.0)
