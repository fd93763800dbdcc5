"""Where things lie, whatever they are called."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.models import TaskId
from supervisor.core.places import attempt_dir, encoded, socket_path, state_home, task_dir


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("capsule-0921079", "capsule-0921079"),
        ("Qwen/Qwen2.5-7B", "Qwen%2FQwen2.5-7B"),
        ("..", "%2E."),
        ("a b", "a%20b"),
        ("50%", "50%25"),
        ("", "%"),
    ],
)
def test_names_become_file_names(name: str, file_name: str) -> None:
    assert encoded(name) == file_name


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60), st.text(max_size=60))
def test_different_names_have_different_files(one: str, other: str) -> None:
    assert (encoded(one) == encoded(other)) == (one == other)
    assert "/" not in encoded(one)
    assert len(encoded(one).encode()) <= 255
    if "%~" not in encoded(one) and one:
        assert unquote(encoded(one)) == one


def test_long_names_are_cut_and_stay_apart() -> None:
    one, other = encoded("é" * 300), encoded("é" * 299 + "e")
    assert len(one) <= 200
    assert one != other


def test_attempts_lie_under_their_task() -> None:
    task = TaskId("core/Qwen/7B")
    assert task_dir("/s", task) == "/s/tasks/core/Qwen%2F7B"
    assert attempt_dir("/s", task, 3) == "/s/tasks/core/Qwen%2F7B/attempt-3"


def test_sockets_are_named_by_batch() -> None:
    uuid = "04c27cf9-498e-4f12-b7f8-7b6a60dc3c77"
    assert socket_path("/run", uuid) == "/run/04c27cf9498e4f12.sock"
    assert state_home("/home/eva") == "/home/eva/.local/state/overnight"
