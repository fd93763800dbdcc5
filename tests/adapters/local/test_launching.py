"""Shims on their way."""

import pytest

from supervisor.adapters.local.launching import Launching


def test_a_start_is_nameless_until_it_returns() -> None:
    launching = Launching()
    with launching.one():
        assert launching.nameless
        launching.name(7)
    assert not launching.nameless
    assert 7 in launching
    launching.known(7)
    assert 7 not in launching


def test_a_start_that_fails_leaves_nothing() -> None:
    launching = Launching()
    with launching.one(), pytest.raises(OSError, match="no"), launching.one():
        raise OSError("no")
    assert not launching.nameless


def test_starts_at_once_are_told_apart() -> None:
    launching = Launching()
    with launching.one():
        with launching.one():
            pass
        assert launching.nameless
