from supervisor.tui.container_order import CONTAINER_KEYS
from supervisor.tui.order import Sort
from supervisor.tui.sorting import options, picked
from supervisor.tui.task_order import TASK_KEYS


def test_every_column_has_a_key_and_the_order_can_be_turned() -> None:
    for keys in (TASK_KEYS, CONTAINER_KEYS):
        told = options(Sort("state"), keys)
        assert len(told) == len(keys) + 1
        assert len({one.key for one in told}) == len(told)
    turn, state, *_ = options(Sort("state"), TASK_KEYS)
    assert turn.words == "turn round what is now problems first"
    assert state.words == "problems first  (now)"


def test_an_answer_is_an_order() -> None:
    assert picked("s", Sort("state"), TASK_KEYS) == Sort("state", falling=True)
    assert picked("1", Sort("state"), TASK_KEYS) == Sort("state", falling=True)
    assert picked("3", Sort("state"), TASK_KEYS) == Sort("try", falling=True)
