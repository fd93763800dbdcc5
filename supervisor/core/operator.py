"""What an operator wants, taken in; every intent is answered."""

from supervisor.core.draft import Draft
from supervisor.core.effects import Reply
from supervisor.core.intents import Intent


def wanted(draft: Draft, intent: Intent, who: str) -> None:
    """Take in what ``who`` wants, and reply."""
    draft.effects.append(Reply(text=f"not understood: {intent} by {who}", refused=True))
