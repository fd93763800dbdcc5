from supervisor.tui.log_aim import Aim
from supervisor.tui.log_reader import Source
from tests.fakes.engine import row


def test_the_newest_attempt_is_shown_until_another_is_chosen() -> None:
    aim = Aim()
    assert aim.source({}) is None
    assert not aim.step(1, 1)
    aim.take(row("g/a", "waiting"))
    assert aim.source({}) is None
    aim.take(row("g/a", "running", attempt=2))
    assert aim.source({}) == Source("g/a", 2, "stdout")
    assert aim.step(2, -1)
    assert not aim.step(1, -1)
    aim.take(row("g/a", "running", attempt=3))
    assert aim.source({}) == Source("g/a", 1, "stdout")
    assert aim.step(1, 2)
    aim.take(row("g/a", "running", attempt=4))
    assert aim.source({}) == Source("g/a", 4, "stdout")


def test_a_stream_is_kept_for_the_task_only() -> None:
    aim = Aim()
    aim.take(row("g/a", "running", attempt=1))
    assert aim.source({"stdout": 0, "stderr": 9}) == Source("g/a", 1, "stderr")
    aim.choose("stdout")
    aim.take(row("g/a", "failed", attempt=1, error_class="auth"))
    assert aim.source({}) == Source("g/a", 1, "stdout")
    aim.take(row("g/b", "failed", attempt=1, error_class="auth"))
    assert aim.source({}) == Source("g/b", 1, "stderr")
