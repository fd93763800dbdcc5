from supervisor.tui.keys import key_name


def test_keys_are_written_as_people_do() -> None:
    assert key_name("question_mark") == "?"
    assert key_name("x") == "x"
    assert (key_name("up"), key_name("up", ascii_only=True)) == ("↑", "Up")
