"""Our errors become plain words."""

import pytest

from supervisor.cli.slow import guarded
from supervisor.cli.words import CommandError
from supervisor.ports import ConfigError


def test_errors_raised_on_purpose() -> None:
    def refused() -> int:
        raise ConfigError(["night.yaml:3: no such key", "night.yaml:9: another"])

    with pytest.raises(CommandError, match=r"night.yaml:3: no such key\nnight.yaml:9: another"):
        guarded(refused)
    assert guarded(lambda: 2) == 2


def test_others_are_faults_of_ours() -> None:
    def broken() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        guarded(broken)
