"""The keys of limits and calls: what is given counts, the rest is the core's."""

from supervisor.config.limits import LimitKeys, NotifyKeys, PreflightKeys, RefreshKeys
from supervisor.core.models import CommandSpec, NotifySpec


def test_what_is_given_counts() -> None:
    refresh = RefreshKeys.model_validate({"run": "x y", "timeout": "5s"})
    assert refresh.command() == CommandSpec(run="x y", timeout_s=5)
    kept = RefreshKeys.model_validate({"run": "x", "every": "45m", "env": {"A": "stdout"}})
    assert kept.command() == CommandSpec(run="x", every_s=2700, env=("A",))


def test_commands_may_be_given_as_text_alone() -> None:
    limit = LimitKeys.model_validate({"refresh": "login", "preflight": "ping", "pace": "30/h"})
    assert limit.refresh is not None
    assert limit.preflight is not None
    assert limit.refresh.command() == CommandSpec(run="login")
    assert limit.preflight.command() == CommandSpec(run="ping")
    assert limit.pace == 120
    slow = PreflightKeys.model_validate({"run": "ping", "timeout": "5s"})
    assert slow.command() == CommandSpec(run="ping", timeout_s=5)


def test_calls() -> None:
    called = NotifyKeys.model_validate({"run": "page", "when": "done", "timeout": "5s"})
    assert called.notify() == NotifySpec(run="page", when=("done",), timeout_s=5)
    assert NotifyKeys.model_validate({"run": "page"}).notify() == NotifySpec(run="page")
