"""``overnight failed``: what failed, and why."""

from supervisor.cli import asking
from supervisor.cli.batches import chosen
from supervisor.cli.plain_json import dumps, loads
from supervisor.cli.text import cleaned, clock, now
from supervisor.cli.words import Args

_ITEMS = 5

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(args: Args) -> int:
    """Print every failed task, or those of one class.

    Raises:
        CommandError: there is no such class.
    """
    entry = chosen(args, reads=True, word=args.first())
    body = asking.live(entry, "/v1/failed")
    documents: list[dict[str, Any]] = loads(body) if body else asking.offline().failed(entry)
    wanted = args.text("class")
    if wanted:
        documents = [one for one in documents if one["class"] == wanted] or _none_of(wanted)
    if args.on("json"):
        print(dumps(documents))
        return 0
    for one in documents:
        print(_told(one, now()))
    if not documents:
        print(f"nothing failed{f' with {cleaned(wanted)}' if wanted else ''}")
    return 0


def _none_of(word: str) -> "list[dict[str, Any]]":
    """Return no failures; a class that does not exist is an error rather than good news."""
    from supervisor.cli.control import error_class

    error_class(word)
    return []


def _told(one: "dict[str, Any]", at: float) -> str:
    """Return a failed task in two or three lines."""
    attempts = f"{one['attempts']} attempt{'' if one['attempts'] == 1 else 's'}"
    when = clock(one["ended_at"], at) if one["ended_at"] else ""
    head = f"{cleaned(one['task'])}  {one['class']}  {attempts}  {when}".rstrip()
    lines = [head, f"    {cleaned(one['cause'])}"]
    lines += _items(one)
    if one["log"]:
        lines.append(f"    {cleaned(one['log'])}")
    return "\n".join(lines)


def _items(one: "dict[str, Any]") -> list[str]:
    """Return a line for each of the first items inside the task that failed."""
    items: list[dict[str, Any]] = one.get("items", [])
    shown = [
        f"    - {cleaned(item['item'])}  {item['class']}: {cleaned(item['error'])}"
        for item in items[:_ITEMS]
    ]
    more = one.get("items_failed", 0) - len(shown)
    return (
        [*shown, f"    - {more} more items failed: overnight why {cleaned(one['task'])}"]
        if more > 0
        else shown
    )
