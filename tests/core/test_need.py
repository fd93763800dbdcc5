"""A need as text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.facets import NO_COUNTS
from supervisor.core.need import Need, met_by, need_of, need_text, reached, said


@given(percent=st.integers(1, 100), ended=st.booleans())
def test_a_need_of_a_group_comes_back_from_its_text(percent: int, ended: bool) -> None:
    need = Need(name="stage one", percent=percent, ended=ended)
    assert need_of(need_text(need)) == need


@pytest.mark.parametrize("name", ["g/a", "g/x, when: ended", "g/{x}", "g/a, done: 5%", "g/}, b"])
@pytest.mark.parametrize("ended", [True, False])
def test_a_need_of_a_task_comes_back_from_its_text(name: str, ended: bool) -> None:
    need = Need(name=name, ended=ended)
    assert need_of(need_text(need)) == need


def test_a_brace_alone_makes_no_form() -> None:
    assert need_of("{strange") == Need(name="{strange")


@pytest.mark.parametrize(
    ("percent", "ended", "met"), [(75, False, True), (76, False, False), (100, True, True)]
)
def test_shares_of_a_group(percent: int, ended: bool, met: bool) -> None:
    counts = {**NO_COUNTS, "succeeded": 3, "failed": 1}
    need = Need(name="g", percent=percent, ended=ended)
    assert met_by(need, counts) == met
    assert reached(need, counts) == (4 if ended else 3)


def test_an_empty_group_lacks_nothing() -> None:
    assert met_by(Need(name="g"), NO_COUNTS)


def test_needs_in_words() -> None:
    assert said(Need(name="g")) == "g"
    assert said(Need(name="g", percent=90)) == "90% of g"
    assert said(Need(name="g/a", ended=True)) == "the end of g/a"
    assert said(Need(name="g", percent=9, ended=True)) == "the end of 9% of g"
