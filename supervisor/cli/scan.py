"""``overnight scan``: what the detector makes of a log."""

import json
from datetime import UTC, datetime

from supervisor.cli.words import Args, CommandError


def run(args: Args) -> int:
    """Print the conclusion about a file, or one JSON line for each line of ``--jsonl``.

    Raises:
        CommandError: a file cannot be read, or words do not fit.
        ConfigError: a rule pack is wrong.
    """
    from supervisor.cli.detector import detector

    now = moment(args.text("now"))
    live, explain = args.on("live"), args.on("explain")
    samples = args.text("jsonl")
    if samples is not None:
        from supervisor.cli.samples import print_verdicts

        if args.words or args.on("json"):
            raise CommandError("--jsonl FILE stands alone: no other file, and no --json")
        print_verdicts(samples, detector(args.text("tz")), now, live=live, explain=explain)
        return 0
    from supervisor.cli.conclusion import document, lines
    from supervisor.cli.reading import judged_log

    used = detector(args.text("tz"))
    log = judged_log(args.first() or "-", used, now, live=live)
    if args.on("json"):
        print(json.dumps(document(log), ensure_ascii=False))
        return 0
    for line in lines(log, used.own_zone, explain=explain):
        print(line)
    return 0


def moment(text: str | None) -> float | None:
    """Return the Unix seconds of an ISO time; without an offset it is UTC.

    Raises:
        CommandError: it is none.
    """
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"--now wants a time such as 2026-02-12T20:30:00Z, not {text!r}"
        ) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
