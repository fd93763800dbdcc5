"""The keys of limits and of what calls the operator, and the core facts they make."""

from dataclasses import replace
from typing import Annotated

from pydantic import BeforeValidator, Field

from supervisor.config.kinds import Duration, Filled, OwnVariable, Pace, Stdout, Whens
from supervisor.config.policies import Keys, given
from supervisor.config.source import Plain
from supervisor.core.models import CommandSpec, NotifySpec


def _run(value: Plain) -> Plain:
    return {"run": value} if isinstance(value, str) else value


class RefreshKeys(Keys):
    """A command that renews a credential."""

    run: Filled
    timeout: Duration | None = Field(default=None, description="Ended after so long; default 60s.")
    every: Duration | None = Field(
        default=None, description="Run again so long after it worked, before anything expires."
    )
    env: dict[OwnVariable, Stdout] | None = Field(
        default=None,
        description="Variables of later attempts that get its stdout; kept in memory only.",
    )

    def command(self) -> CommandSpec:
        """Return the command with what holds for it."""
        return replace(
            CommandSpec(run=self.run),
            **given(timeout_s=self.timeout, every_s=self.every, env=self.env and tuple(self.env)),
        )


Refresh = Annotated[RefreshKeys, BeforeValidator(_run)]


class PreflightKeys(Keys):
    """A command that tells whether a limit is free: exit 0, or what is wrong in its output."""

    run: Filled
    timeout: Duration | None = Field(default=None, description="Ended after so long; default 60s.")

    def command(self) -> CommandSpec:
        """Return the command with what holds for it."""
        return replace(CommandSpec(run=self.run), **given(timeout_s=self.timeout))


Preflight = Annotated[PreflightKeys, BeforeValidator(_run)]


class LimitKeys(Keys):
    """A thing that several groups exhaust together, such as an account."""

    refresh: Refresh | None = None
    preflight: Preflight | None = Field(
        default=None, description="Run before a group starts, and instead of a probe."
    )
    pace: Pace | None = Field(default=None, description="Launches at most, such as 30/h.")


class NotifyKeys(Keys):
    """The command that calls you: JSON on stdin, three plain lines in $OVERNIGHT_MESSAGE."""

    run: Filled
    timeout: Duration | None = Field(default=None, description="Ended after so long; default 60s.")
    when: Whens | None = Field(
        default=None, description="needs_you, done or both: once for each incident."
    )

    def notify(self) -> NotifySpec:
        """Return the call with what holds for it."""
        return replace(NotifySpec(run=self.run), **given(timeout_s=self.timeout, when=self.when))


def _nothing_is_empty(value: Plain) -> Plain:
    return {} if value in ("", "null", "~") else value


Limit = Annotated[LimitKeys, BeforeValidator(_nothing_is_empty)]
Notify = Annotated[NotifyKeys, BeforeValidator(_run)]
