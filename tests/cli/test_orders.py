"""Who gives orders."""

import os
import pwd

import pytest

from supervisor.cli import orders


def test_the_user_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert orders.who() == pwd.getpwuid(os.getuid()).pw_name

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(orders.pwd, "getpwuid", unknown)
    assert orders.who() == str(os.getuid())
