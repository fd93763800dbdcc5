"""What this machine has room for."""

from pathlib import Path

from supervisor.adapters.host import free_bytes


def test_free_space_is_what_an_ordinary_user_may_write(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) > 0
