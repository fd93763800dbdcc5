"""The order that takes advice."""

from supervisor.core.board import Advice
from supervisor.core.intents import SetParallel
from supervisor.core.names import GroupId


def order(one: Advice, *, restart: bool) -> SetParallel:
    """Return the intent that does as advised; ``restart``: to running attempts too, where need be."""
    return SetParallel(
        group=GroupId(one.group),
        parallel=one.suggested,
        knob=one.knob,
        restart=restart and one.restart,
    )
