"""``overnight scan`` on files, on standard input, and line by line."""

import io
import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Said, call

LINES: list[dict[str, object]] = [
    {"id": "a", "text": "openai.RateLimitError: Error code: 429 - too many, try again in 2m5s"},
    {"id": "b", "text": "You've hit your limit · resets 4pm (America/Los_Angeles)"},
    {"id": "c", "text": "step 429 of 1000"},
    {"id": "d", "text": "Traceback (most recent call last):\nKeyError: 'x'"},
    {"id": 5, "text": "requests.exceptions.ConnectTimeout: timed out \ud800"},
]
KEYS = ["id", "class", "rule", "line", "retry_at", "wait_s"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern_cache: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(pattern_cache))


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    path = tmp_path / "samples.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES) + "\n")
    return path


def verdicts(said: Said) -> list[dict[str, object]]:
    assert said.err == ""
    assert said.code == 0
    return [json.loads(line) for line in said.out.splitlines()]


def test_one_verdict_a_line(samples: Path) -> None:
    """In order, with the proof and the stated time counted from --now."""
    said = call("scan", "--jsonl", str(samples), "--now", "2026-02-12T20:30:00Z")
    found = verdicts(said)
    assert [list(one) for one in found] == [KEYS] * 5
    assert [one["id"] for one in found] == ["a", "b", "c", "d", 5]
    assert [one["class"] for one in found] == [
        "rate_limit",
        "usage_window",
        None,
        None,
        "network",
    ]
    assert (found[0]["wait_s"], found[0]["retry_at"]) == (125, "2026-02-12T20:32:05+00:00")
    assert (found[1]["wait_s"], found[1]["retry_at"]) == (None, "2026-02-13T00:00:00+00:00")
    assert found[1]["line"] == LINES[1]["text"]
    assert found[2] == {"id": "c"} | dict.fromkeys(KEYS[1:])


def test_the_zone_of_times_without_one(samples: Path) -> None:
    """--tz, and a --now without an offset is UTC."""
    samples.write_text(json.dumps({"id": 1, "text": "You've hit your limit · resets 4pm"}))
    said = call("scan", f"--jsonl={samples}", "--now=2026-02-12T08:30", "--tz", "Europe/Berlin")
    assert verdicts(said)[0]["retry_at"] == "2026-02-12T15:00:00+00:00"


def test_of_a_running_task_only_strong_evidence_counts(samples: Path) -> None:
    """Chatter about retries is no reason to stop anything."""
    samples.write_text(
        json.dumps({"id": 1, "text": 'INFO httpx: POST "HTTP/1.1 429 Too Many Requests"'})
    )
    assert verdicts(call("scan", "--jsonl", str(samples)))[0]["class"] == "rate_limit"
    assert verdicts(call("scan", "--jsonl", str(samples), "--live"))[0]["class"] is None


def test_a_whole_file(tmp_path: Path) -> None:
    """Every detection with its line number, then the conclusion; times count from the file's."""
    path = tmp_path / "stderr.log"
    path.write_text("hello\nopenai.RateLimitError: Error code: 429 - try again in 60s\nbye\n")
    os.utime(path, (1_770_000_000, 1_770_000_000))
    said = call("scan", str(path), "--tz", "UTC")
    assert said.code == 0
    first, *rest = said.out.splitlines()
    assert first.split()[:3] == ["2", "rate_limit", "openai.rate-limit"]
    assert "class   rate_limit" in rest
    assert rest[-1].startswith("again   2026-02-02 02:41:00 UTC, 1m00s after it was written")
    document = json.loads(call("scan", str(path), "--json").out)
    assert (document["class"], document["line_number"]) == ("rate_limit", 2)
    assert "points  explains it" in call("scan", str(path), "--explain").out


def test_the_reasons_for_each_verdict(samples: Path) -> None:
    """With --explain each line tells its candidates, too."""
    found = verdicts(call("scan", "--jsonl", str(samples), "--explain"))
    candidates = found[0]["candidates"]
    assert isinstance(candidates, list)
    best: dict[str, object] = candidates[0]
    assert best["won"]
    assert best["reasons"]


def test_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``-``, or no file at all."""
    from supervisor.cli.scan import run
    from supervisor.cli.words import Args

    for words in (["-"], []):
        text = io.TextIOWrapper(io.BytesIO(b"httpx.ReadTimeout: no answer\n"))
        monkeypatch.setattr(sys, "stdin", text)
        assert run(Args(words, {})) == 0
        assert "class   network" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["scan", "/nowhere/x.log"], "/nowhere/x.log cannot be read: No such file or directory"),
        (["scan", "--now", "noon", "x"], "--now wants a time such as"),
        (["scan", "--jsonl", "x", "y"], "--jsonl FILE stands alone"),
        (["scan", "/"], "/ is a directory, and scan takes one file"),
        (["scan", "--tz", "Moon/Tycho", "x"], "there is no time zone 'Moon/Tycho'"),
    ],
)
def test_what_cannot_be(argv: list[str], words: str) -> None:
    """Exit 1 and one sentence."""
    said = call(*argv)
    assert said.code == 1
    assert words in said.err


def test_a_line_that_is_no_sample(samples: Path) -> None:
    """The line number tells where."""
    samples.write_text('{"id": 1, "text": "x"}\n{"id": 2}\n')
    said = call("scan", "--jsonl", str(samples))
    assert said.code == 1
    assert 'line 2 is not an object {"id", "text"}' in said.err
