"""What a person reads about a file."""

import sys
from datetime import UTC
from pathlib import Path

import pytest

from supervisor.cli.conclusion import document, lines
from supervisor.cli.detector import Detector, detector
from supervisor.cli.reading import Log, judged_log
from supervisor.cli.text import width_of
from tests.cli.test_colour import Screen

LIMIT = "openai.RateLimitError: Error code: 429 - too many, try again in 2m5s"


@pytest.fixture
def used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern_cache: Path) -> Detector:
    monkeypatch.setenv("XDG_CACHE_HOME", str(pattern_cache))
    return detector("UTC")


def read(tmp_path: Path, used: Detector, text: str, *, live: bool = False) -> Log:
    path = tmp_path / "a.log"
    path.write_text(text)
    return judged_log(str(path), used, 1_770_000_000, live=live)


def test_for_a_script(tmp_path: Path, used: Detector) -> None:
    """The verdict, where the proof stands, and every candidate."""
    found = document(read(tmp_path, used, f"hello\n{LIMIT}\n"))
    assert (found["v"], found["class"], found["line_number"], found["lines"]) == (
        1,
        "rate_limit",
        2,
        2,
    )
    assert found["wait_s"] == 125
    assert isinstance(found["candidates"], list)
    assert document(read(tmp_path, used, "hm\n"))["line_number"] is None


def test_in_a_pipe_one_line_each(tmp_path: Path, used: Detector) -> None:
    """With its number, class and rule; then the conclusion."""
    first, blank, facts, *rest = lines(
        read(tmp_path, used, f"hello\n{LIMIT}\n"), UTC, explain=False
    )
    assert first.split()[:3] == ["2", "rate_limit", "openai.rate-limit"]
    assert first.endswith(LIMIT)
    assert blank == ""
    assert "2 lines, " in facts
    assert "times count from 2026-02-02 02:40:00 UTC" in facts
    assert rest == [
        "class   rate_limit",
        f"cause   rate limit: {LIMIT}",
        "proof   line 2, openai.rate-limit",
        "again   2026-02-02 02:42:05 UTC, 2m05s after it was written; a batch adds 8s of slack",
    ]


def test_explained(tmp_path: Path, used: Detector) -> None:
    """Points, outcome and reasons; for a running task also what does not act."""
    text = "\n".join(lines(read(tmp_path, used, LIMIT + "\n"), UTC, explain=True))
    assert "points  explains it" in text
    assert "+4 strong rule, +2 stderr" in text
    chatter = 'INFO httpx: POST "HTTP/1.1 429 Too Many Requests"\n'
    text = "\n".join(lines(read(tmp_path, used, chatter, live=True), UTC, explain=True))
    assert "a running task is not stopped for it" in text
    assert "nothing that a running task would be stopped for" in text


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "it is empty"), ("all is well\n", "last    all is well"), ("x\n", "no rule explains it")],
)
def test_nothing_found(tmp_path: Path, used: Detector, text: str, words: str) -> None:
    """Said plainly, with its last words."""
    assert words in "\n".join(lines(read(tmp_path, used, text), UTC, explain=False))


def test_on_a_terminal(tmp_path: Path, used: Detector, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fits 80 columns, is harmless, hides secrets, and lists the last lines only."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys, "stdout", Screen())
    evil = f"\x1b]0;gotcha\x07[bold red]{LIMIT} {'long ' * 40} api_key=sk-aaaabbbbcccc1111222233\n"
    text = "".join(f"{kind}.exceptions.{LIMIT}\nhm\n" * 3 for kind in "abcdefgh") + evil
    shown = list(lines(read(tmp_path, used, text), UTC, explain=False))
    assert max(map(width_of, shown)) <= 80
    assert "\x1b" not in "".join(shown)
    assert "sk-aaaa" not in "".join(shown)
    assert all(
        width_of(line) <= 80 for line in lines(read(tmp_path, used, text), UTC, explain=True)
    )


def test_many_lines_are_not_all_listed(
    tmp_path: Path, used: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal: the last twelve, and how to see the rest."""
    kinds = ("openai.RateLimitError: 429 a", "httpx.ReadTimeout: b", "No space left on device: c")
    log = read(
        tmp_path, used, "".join(f"{kind} {n}\nx\nx\nx\nx\n" for n in range(6) for kind in kinds)
    )
    assert len(log.judged.detections) > 12
    monkeypatch.setattr(sys, "stdout", Screen())
    assert "--explain shows them all" in next(lines(log, UTC, explain=False))


def test_sizes(tmp_path: Path, used: Detector) -> None:
    """As a person counts them."""
    facts = next(lines(read(tmp_path, used, "x" * 3000 + "\n"), UTC, explain=False))
    assert "1 lines, 2.9 KiB" in facts


def test_what_was_skipped_is_told(tmp_path: Path, used: Detector) -> None:
    """A line of megabytes is read at its head only."""
    log = read(tmp_path, used, "x" * 3_000_000 + "\nlast\n")
    assert document(log)["skipped_bytes"] == 3_000_000 - (1 << 20)
    assert list(lines(log, UTC, explain=False))[-1] == (
        "skipped 1,951,424 bytes of lines longer than 1 MiB: only their heads were read"
    )
