"""Who gives person."""

import os
import pwd

import pytest

from supervisor.cli import person


def test_the_user_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert person.who() == pwd.getpwuid(os.getuid()).pw_name

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(person.pwd, "getpwuid", unknown)
    assert person.who() == str(os.getuid())
