"""``overnight why TASK``: what it waits for, until when, and every decision about it so far."""

from supervisor.cli import asking
from supervisor.cli.batches import chosen
from supervisor.cli.plain_json import dumps, loads
from supervisor.cli.text import cleaned
from supervisor.cli.words import Args, CommandError


def run(args: Args) -> int:
    """Print the explanation.

    Raises:
        CommandError: no task was named, or none is called so.
    """
    task = args.first()
    if task is None:
        raise CommandError("why which task? overnight why GROUP/ID")
    entry = chosen(args, reads=True)
    body = asking.live(entry, "/v1/why", task=task)
    lines: list[str] = loads(body)["why"] if body else asking.offline().why(entry, task)
    if args.on("json"):
        print(body.decode() if body else dumps({"task": task, "why": lines}))
        return 0
    for line in lines:
        print(cleaned(line))
    return 0
