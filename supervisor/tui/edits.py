"""What is asked about an edited batch file."""

from dataclasses import dataclass
from pathlib import PurePath

from supervisor.core.board import Edited
from supervisor.core.intents import Reload
from supervisor.tui.screens.dialog import Option, Styled, Text

_MOST = 16
"""Lines of a difference that a dialog shows."""
_LOOKS = {"+": "good", "-": "bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to show, and the order that a yes means; None: nothing can be applied."""

    title: str
    text: tuple[Text, ...]
    options: tuple[Option, ...] = ()
    intent: Reload | None = None


def question(edited: Edited) -> Question:
    """Return what to ask about ``edited``, or what is wrong with it."""
    name = PurePath(edited.file).name
    if edited.faults:
        words = "Nothing of it counts; the batch goes on as before."
        told = Styled(text=words, look="dim")
        return Question(title=f"{name} has faults", text=(*edited.faults, "", told))
    left = len(edited.lines) - _MOST
    more = (f"… {left} more: overnight reload --dry-run",) if left > 0 else ()
    lines = [Styled(text=line, look=_LOOKS.get(line[:1], "")) for line in edited.lines[:_MOST]]
    words = "What runs, runs on as it began."
    return Question(
        title=f"Apply the edited {name}?",
        text=(*lines, *more, "", Styled(text=words, look="dim")),
        options=(Option(key="R", words="apply it", value="apply"),),
        intent=Reload(seen=edited.seen),
    )
