"""An error in words, and its class."""

import pytest

from supervisor.kit.faults import class_of, told


def test_an_exception_is_told_with_its_traceback() -> None:
    with pytest.raises(TimeoutError) as caught:
        raise TimeoutError("late")
    text, trace = told(caught.value)
    assert class_of(caught.value) == "timeout"
    assert text == "TimeoutError: late"
    assert "test_faults.py" in trace


def test_a_text_is_itself() -> None:
    assert told("it broke") == ("it broke", "")
    assert class_of("it broke") == "unknown"
