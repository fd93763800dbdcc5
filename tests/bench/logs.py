"""A log such as a night leaves: transcripts, training, JSON lines, look-alikes, and a few errors.

Seeded, so that every run and every engine sees the same bytes.
"""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

LOOK_ALIKES = 0.01
ERRORS = 0.0001
_SECTION_LINES = (200, 4000)

_WORDS = [
    "the",
    "model",
    "reads",
    "each",
    "file",
    "and",
    "then",
    "writes",
    "a",
    "patch",
    "for",
    "it",
    "so",
    "that",
    "tests",
    "of",
    "the",
    "parser",
    "pass",
    "again",
    "while",
    "results",
    "are",
    "compared",
    "with",
    "the",
    "baseline",
    "over",
    "many",
    "seeds",
    "because",
    "variance",
    "matters",
    "here",
    "and",
    "tokens",
    "are",
    "counted",
    "per",
    "request",
    "before",
    "the",
    "next",
    "sample",
    "begins",
    "we",
    "look",
    "at",
    "the",
    "table",
    "of",
    "scores",
    "function",
    "returns",
    "value",
    "list",
    "index",
    "config",
    "path",
    "loader",
    "batch",
    "epoch",
    "gradient",
    "layer",
    "weight",
    "score",
    "dataset",
    "sample",
    "question",
    "answer",
    "choice",
    "prompt",
    "message",
    "tool",
    "call",
    "container",
    "image",
    "build",
    "cache",
]
_MODULES = ("runner", "agent.loop", "eval.task", "trainer", "data.loader", "httpx", "docker.build")
_LOOK_ALIKES: tuple[Callable[[random.Random], str], ...] = (
    lambda r: f"        if response.status_code == {r.choice((401, 403, 429, 503))}:",
    lambda r: f"            raise RateLimitError(f'attempt {r.randrange(9)} of {{tries}}')",
    lambda r: f"        except (openai.RateLimitError, TimeoutError) as error:  # {_prose(r, 4)}",
    lambda r: f"tests/test_client_{r.randrange(99)}.py::test_retries_on_429_too_many_requests PASSED",
    lambda r: f"- The server should return 429 when the rate limit is exceeded by {_prose(r, 5)}",
    lambda r: f"I'll handle the authentication failed case in step {r.randrange(40)}: {_prose(r, 8)}",
    lambda r: f"{_stamp(r)} INFO httpx: HTTP Request: POST https://api.example.com/v1/chat {429 if r.random() < 0.2 else 200} OK",
    lambda r: f"processed 429 of {r.randrange(500, 900)} samples, 503 left, {r.randrange(99)} skipped",
    lambda r: f"{_stamp(r)} DEBUG quota left: {r.randrange(10**6)} tokens, limit resets {_prose(r, 2)}",
    lambda r: f"| rate limit exceeded | {r.randrange(40)} | retried | {_prose(r, 3)} |",
    lambda r: f"# CUDA out of memory is caught below and the batch halved to {r.randrange(64)}",
    lambda r: f"    def test_connection_reset_by_peer_{r.randrange(900)}(self) -> None:",
    lambda r: f"{_stamp(r)} INFO trainer: error rate 0.{r.randrange(999):03d}, failed 0, killed 0",
    lambda r: f"step {r.randrange(10**5)} | timeout=600 | max_retries=5 | loss {r.random():.4f}",
    lambda r: f"Question: what does 'no space left on device' mean when {_prose(r, 7)}?",
    lambda r: f"print('service unavailable, waiting', {r.randrange(60)})",
    lambda r: _said(r, f"The API key is invalid in case {r.randrange(9)}, so we {_prose(r, 12)}"),
    lambda r: _said(r, f"You exceeded your current quota means that {_prose(r, 25)}"),
    lambda r: _said(r, f"we see HTTP 503 Service Unavailable when {_prose(r, 60)}"),
    lambda r: f"+    \"overloaded_error\": ServerError,  # {_prose(r, 4)}",
    lambda r: f"  {r.randrange(400)}: const limits = await fetchLimits('weekly', {{ retry: 3 }});",
    lambda r: f"{_stamp(r)} INFO eval.task: sample {r.randrange(9999)} token expired_at=2026-03-01",
    lambda r: f"✓ refuses an expired token ({r.randrange(90)} ms)",
    lambda r: f"{_stamp(r)} INFO data.loader: disk usage {r.randrange(90)}%, memory {r.random() * 99:.1f} GiB",
    lambda r: f"request failed over to replica {r.randrange(9)} in {r.randrange(900)} ms, no errors",
    lambda r: f"usage: prompt_tokens={r.randrange(9000)} limit=8192 remaining={r.randrange(8192)}",
    lambda r: f"{_stamp(r)} INFO httpx: HTTP Request: POST https://api.example.com/v1/chat 200 OK",
    lambda r: f"eval {r.randrange(900)}: wrong=429 timeout=0 killed=0 denied=0 quota=5{r.randrange(99):02d}",
    lambda r: f"worker {r.randrange(64)} waits for its lock, {r.randrange(500)} requests behind it",
    lambda r: f"checkpoint 500{r.randrange(9)} saved; the connection to {_prose(r, 2)} stays open",
    lambda r: _said(r, f"the error message in line {r.randrange(503)} says that {_prose(r, 20)}"),
    lambda r: f"{r.randrange(999)} passed, {r.randrange(9)} failed, 2 errors in {r.random() * 90:.2f}s",
)  # fmt: skip
_ERRORS = (
    "openai.RateLimitError: Error code: 429 - {{'error': {{'message': 'slow down, {n}'}}}}",
    "anthropic.AuthenticationError: Error code: 401 - {{'type': 'error', 'n': {n}}}",
    "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate {n} MiB",
    "ERROR eval.task: APIConnectionError: Connection error. (sample {n})",
    "OSError: [Errno 28] No space left on device: '/data/part-{n}'",
    "google.api_core.exceptions.ResourceExhausted: 429 Quota exceeded, retry in {n}s",
    "Error response from daemon: pull access denied for evals/run-{n}",
    "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: /v1/{n}",
)


def write_log(path: Path, size_bytes: int, seed: int = 0) -> int:
    """Write a log of at least ``size_bytes`` and return the number of its lines."""
    chance = random.Random(seed)
    count = written = 0
    with path.open("wb") as file:
        while written < size_bytes:
            lines = [_mixed(chance, line) for line in _section(chance)]
            data = ("\n".join(lines) + "\n").encode()
            file.write(data)
            written += len(data)
            count += data.count(b"\n")
    return count


def _mixed(chance: random.Random, line: str) -> str:
    """Return ``line``, or in its place a look-alike or an error."""
    roll = chance.random()
    if roll < ERRORS:
        return chance.choice(_ERRORS).format(n=chance.randrange(1000))
    return chance.choice(_LOOK_ALIKES)(chance) if roll < ERRORS + LOOK_ALIKES else line


def _section(chance: random.Random) -> Iterator[str]:
    """Yield the lines that one program writes in a row."""
    kind = chance.choices((_training, _transcript, _requests, _coloured), (5, 5, 4, 0.3))[0]
    for number in range(chance.randrange(*_SECTION_LINES)):
        yield kind(chance, number)


def _training(chance: random.Random, number: int) -> str:
    return (
        f"{_stamp(chance)} [rank{number & 7}] step {number * 10} loss {chance.random():.4f}"
        f" lr 3.0e-04 grad_norm {chance.random():.3f} tok/s {chance.randrange(9000, 20000)} mem 61.2GiB"
    )


def _transcript(chance: random.Random, number: int) -> str:
    if number & 1:
        return f"  {_prose(chance, chance.randrange(6, 22))}"
    return _said(chance, _prose(chance, chance.randrange(10, 90)))


def _requests(chance: random.Random, number: int) -> str:
    return (
        f'{{"ts": "{_stamp(chance)}", "level": "info", "logger": "{chance.choice(_MODULES)}",'
        f' "msg": "{_prose(chance, 6)}", "sample": {number}, "ms": {chance.randrange(4000)}}}'
    )


def _coloured(chance: random.Random, number: int) -> str:
    """A progress bar between lines in colours: escapes and carriage returns."""
    if number & 3:
        return f"\x1b[32m{_stamp(chance)}\x1b[0m \x1b[1mINFO\x1b[0m {_prose(chance, 9)}"
    done = number % 100
    return f"{done}%|{'#' * (done // 5):20}| {done}/100 [00:{done:02}<01:00]\r{done + 1}%|"


def _said(chance: random.Random, text: str) -> str:
    role = chance.choice(("assistant", "user", "tool"))
    return json.dumps({"role": role, "content": text, "id": chance.randrange(10**9)})


def _prose(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words))


def _stamp(chance: random.Random) -> str:
    return f"2026-02-12 0{chance.randrange(9)}:{chance.randrange(10, 60)}:{chance.randrange(10, 60)},{chance.randrange(1000):03d}"
