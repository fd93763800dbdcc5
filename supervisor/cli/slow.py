"""Runs what may raise our errors; apart from ``main`` because those errors take time to import."""

from collections.abc import Callable

from supervisor.cli.words import CommandError
from supervisor.ports import SupervisorError


def guarded(action: Callable[[], int]) -> int:
    """Return the action's exit code; an error raised on purpose becomes plain words.

    Raises:
        CommandError: instead of any SupervisorError.
    """
    try:
        return action()
    except SupervisorError as error:
        raise CommandError(str(error)) from error
