from supervisor.tui.action import Action, named


def test_however_it_is_written_a_name_is_one() -> None:
    assert named("Pause batch") == named("pause_batch") == named(" pause-batch ") == "pause-batch"
    action = Action(id="stream", keys=(), words="stdout/stderr", help="", scope="screen")
    assert action.name == "stdout-stderr"
