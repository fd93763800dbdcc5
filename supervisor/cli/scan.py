"""``overnight scan``: what the detector makes of a log."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from supervisor.adapters.clock import wall_now
from supervisor.adapters.scanner import best_scanner
from supervisor.adapters.zones import zone_lookup
from supervisor.cli.words import Args, CommandError
from supervisor.config.data import find
from supervisor.config.packs import load_built
from supervisor.core.judging import Judge, Judged
from supervisor.core.models import ErrorClass

_CHUNK = 1 << 20


def run(args: Args) -> int:
    """Print the conclusion about a file, or one JSON line for each line of ``--jsonl``.

    Raises:
        CommandError: a file cannot be read, or a word does not fit.
    """
    now = _moment(args.text("now"))
    judge = _judge(args.text("tz"))
    live = args.on("live")
    jsonl = args.text("jsonl")
    with ExitStack() as stack:
        name = jsonl or args.first() or "-"
        file = _opened(name, stack)
        if jsonl is not None:
            for line in _verdicts(judge, file, now if now is not None else wall_now(), live=live):
                print(line, flush=False)
            return 0
        written_at = now if now is not None else _written_at(name)
        _print_whole(judge.judge(_pieces(file), written_at, live=live))
    return 0


def _judge(zone: str | None) -> Judge:
    rules = load_built(find("configs/rules.json", os.environ))
    lookup = zone_lookup(zone)
    if lookup("") is None:
        raise CommandError(f"--tz: there is no time zone {zone!r}; try America/Los_Angeles or UTC")
    cache = Path.home() / ".cache" / "overnight"
    return Judge(rules, best_scanner(rules, cache=cache).scan, lookup)


def _moment(text: str | None) -> float | None:
    """Return the Unix seconds of an ISO time; without an offset it is UTC."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"--now wants a time such as 2026-02-12T20:30:00Z, not {text!r}"
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _opened(name: str, stack: ExitStack) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(name).open("rb"))
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}") from error


def _written_at(name: str) -> float:
    """Return when a file was last written: reset times in it count from then."""
    return wall_now() if name == "-" else Path(name).stat().st_mtime


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while data := file.read(_CHUNK):
        yield data


def _verdicts(judge: Judge, lines: Iterable[bytes], now: float, *, live: bool) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            name, text = entry["id"], entry["text"]
        except (ValueError, TypeError, KeyError):
            raise CommandError(f'line {number} is not an object {{"id", "text"}}') from None
        judged = judge.judge([str(text).encode("utf-8", "surrogatepass")], now, live=live)
        yield json.dumps({"id": name, **_document(judged)}, ensure_ascii=False)


def _document(judged: Judged) -> dict[str, object]:
    proof = judged.proof
    error_class = judged.verdict.error_class
    retry_at = judged.verdict.retry_at
    return {
        "class": None if error_class in {None, ErrorClass.UNKNOWN} else str(error_class),
        "rule": proof.rule if proof else None,
        "line": proof.line if proof else None,
        "retry_at": None if retry_at is None else _iso(retry_at),
        "wait_s": judged.wait_s,
    }


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


def _print_whole(judged: Judged) -> None:
    for detection in judged.detections:
        number = judged.lines - detection.from_end
        print(f"{number:>8}  {detection.error_class:<14} {detection.rule:<22} {detection.line}")
    verdict = judged.verdict
    if verdict.error_class is None:
        print("nothing that a running task would be stopped for")
        return
    print(f"class   {verdict.error_class}")
    print(f"cause   {verdict.cause}")
    if verdict.retry_at is not None:
        print(f"again   {_iso(verdict.retry_at)}")
