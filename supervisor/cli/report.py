"""``overnight report``: what a person wants to know in the morning, in Markdown."""

from supervisor.cli import asking
from supervisor.cli.batches import chosen
from supervisor.cli.plain_json import dumps
from supervisor.cli.words import Args, CommandError

_UNSAFE = {code: "?" for code in (*range(32), 127, *range(0x80, 0xA0)) if chr(code) not in "\n\t"}


def run(args: Args) -> int:
    """Print the report, and leave it as ``report.md`` in the state directory.

    Raises:
        CommandError: HTML was asked for, or the batch cannot be read.
    """
    if args.on("html"):
        raise CommandError("report --html: not in this version yet")
    entry = chosen(args, reads=True, word=args.first())
    body = asking.live(entry, "/v1/report")
    text: str = body.decode() if body else asking.offline().report(entry)
    path = _kept(entry.directory, text)
    if args.on("json"):
        print(dumps({"batch": entry.batch, "path": path, "markdown": text}))
    else:
        print(text.translate(_UNSAFE), end="")
    return 0


def _kept(directory: str, text: str) -> str | None:
    """Write ``report.md``; None: there is no room or no right to. Reading is what was asked for."""
    from pathlib import Path

    from supervisor.adapters.artifacts import FileArtifacts
    from supervisor.ports import ArtifactError

    try:
        FileArtifacts(Path(directory)).report(text)
    except ArtifactError:
        return None
    return f"{directory}/report.md"
