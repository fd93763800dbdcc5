"""``overnight scan --jsonl``: many texts in one file, one verdict a line."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from supervisor.cli.detector import Detector
from supervisor.cli.reading import opened
from supervisor.cli.text import now as wall_now
from supervisor.cli.words import CommandError
from supervisor.core.judging import Judge, Judged
from supervisor.core.models import End, ErrorClass
from supervisor.core.weighing import Candidate, explained

Document = dict[str, object]


def print_verdicts(
    name: str, detector: Detector, now: float | None, *, live: bool, explain: bool
) -> None:
    """Print one verdict for each line of the file ``name``; ``-`` is standard input.

    Raises:
        CommandError: it cannot be read, or a line is no ``{"id", "text"}``.
    """
    counted_from = wall_now() if now is None else now
    with opened(name) as file:
        for line in _verdicts(detector.judge, file, counted_from, live=live, explain=explain):
            print(line)


def verdict(judged: Judged) -> Document:
    """Return what a script wants to know of a text."""
    proof = judged.proof
    error_class = judged.verdict.error_class
    retry_at = judged.verdict.retry_at
    return {
        "class": None if error_class in {None, ErrorClass.UNKNOWN} else str(error_class),
        "rule": proof.rule if proof else None,
        "line": proof.line if proof else None,
        "retry_at": None if retry_at is None else iso(retry_at),
        "wait_s": judged.wait_s,
    }


def candidates(judged: Judged) -> tuple[Candidate, ...]:
    """Return every line that may explain a text, the best one first, with points and reasons."""
    return explained(End(code=1, ended_at=0.0, detections=judged.detections), ran_s=0.0)


def weighed(judged: Judged) -> list[Document]:
    """Return the candidates, and what a running task is not stopped for, as documents."""
    found: list[Document] = [
        {
            "line_number": judged.lines - one.detection.from_end,
            "class": str(one.detection.error_class),
            "rule": one.detection.rule,
            "line": one.detection.line,
            "retry_at": None if one.detection.retry_at is None else iso(one.detection.retry_at),
            "points": one.points,
            "reasons": [reason.told() for reason in one.reasons],
            "won": one.won,
            "outcome": one.outcome,
        }
        for one in candidates(judged)
    ]
    return found + [
        {
            "line_number": judged.lines - one.from_end,
            "class": str(one.error_class),
            "rule": one.rule,
            "line": one.line,
            "retry_at": None if one.retry_at is None else iso(one.retry_at),
            "points": 0,
            "reasons": [],
            "won": False,
            "outcome": PASSED_OVER,
        }
        for one in judged.passed_over
    ]


PASSED_OVER = "explains an end, but a running task is not stopped for it"
"""Why a line does not act while a task runs."""


def iso(at: float) -> str:
    """Return Unix seconds as ISO 8601 in UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat()


def _verdicts(
    judge: Judge, lines: Iterable[bytes], now: float, *, live: bool, explain: bool
) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            name, text = entry["id"], entry["text"]
        except (ValueError, TypeError, KeyError):
            raise CommandError(f'line {number} is not an object {{"id", "text"}}') from None
        judged = judge.judge([str(text).encode("utf-8", "surrogatepass")], now, live=live)
        document = {"id": name, **verdict(judged)}
        if explain:
            document["candidates"] = weighed(judged)
        yield json.dumps(document, ensure_ascii=False)
