"""Hands intents to a running engine and tells what came of them."""

import json

from supervisor.cli import fast
from supervisor.cli.batches import Entry
from supervisor.cli.person import who
from supervisor.cli.text import cleaned
from supervisor.cli.words import CommandError
from supervisor.core.codec import encode, loads
from supervisor.core.intents import Intent
from supervisor.ports import Answer


def order(entry: Entry, intent: Intent) -> None:
    """Hand ``intent`` over and print the engine's words.

    Raises:
        CommandError: it was refused, or the engine does not answer.
    """
    body = json.dumps({"intent": encode(intent), "who": who()}).encode()
    answer = loads(Answer, fast.post(entry.socket, "/v1/intents", body))
    words = "\n".join(cleaned(message) for message in answer.messages)
    if not answer.ok:
        raise CommandError(words or "the engine refused")
    print(words or "done")
