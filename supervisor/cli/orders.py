"""Hands intents to a running engine and tells what came of them."""

import json

from supervisor.cli import fast
from supervisor.cli.batches import Entry
from supervisor.cli.person import who
from supervisor.cli.text import cleaned, cut
from supervisor.cli.words import CommandError
from supervisor.core.codec import encode, loads
from supervisor.core.intents import Intent
from supervisor.ports import Answer

_LONGEST = 200


def order(entry: Entry, intent: Intent, why: str | None = None) -> None:
    """Hand ``intent`` over and print the engine's words. ``why`` is told with who wanted it.

    Raises:
        CommandError: it was refused, or the engine does not answer.
    """
    answer = asked(entry, intent, why)
    print("\n".join(cleaned(message) for message in answer.messages) or "done")


def asked(entry: Entry, intent: Intent, why: str | None = None) -> Answer:
    """Hand ``intent`` over and return the engine's words.

    Raises:
        CommandError: as for ``order``.
    """
    reason = f" ({cut(cleaned(why), _LONGEST)})" if why else ""
    body = json.dumps({"intent": encode(intent), "who": who() + reason}).encode()
    answer = loads(Answer, fast.post(entry.socket, "/v1/intents", body))
    if not answer.ok:
        words = "\n".join(cleaned(message) for message in answer.messages)
        raise CommandError(words or "the engine refused")
    return answer
