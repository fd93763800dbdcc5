from supervisor.kit.faults import class_of, told


def test_an_exception_is_told_with_its_traceback() -> None:
    try:
        raise TimeoutError("late")
    except TimeoutError as error:
        text, trace = told(error)
    assert text == "TimeoutError: late"
    assert "test_faults.py" in trace
    assert class_of(trace) == "timeout"


def test_a_text_is_itself() -> None:
    assert told("it broke") == ("it broke", "")
    assert class_of("it broke") == "unknown"
