"""Lines that report an error are told from lines that only speak of one."""

import pytest

from supervisor.core.shape import (
    Shape,
    bare,
    is_adverse,
    is_exception,
    is_sent,
    is_structured,
    shape_of,
)


@pytest.mark.parametrize(
    "line",
    [
        "ValueError: bad value",
        "[rank0]: torch.OutOfMemoryError: CUDA out of memory",
        "(EngineCore_DP0 pid=883) ERROR 09-28 20:07:31 [core.py:720] x.AcceleratorError: no",
        "2026-02-03 04:05:06,789 - worker - ERROR - openai.RateLimitError: 429",
        "│ AuthenticationError: Error code: 401 │",
        "E   openai.APITimeoutError: Request timed out.",
        "> KeyError: 'x'",
        "google.api_core.exceptions.ResourceExhausted: 429 quota",
        "org.web.HttpClientErrorException$TooManyRequests: 429",
        "httpcore.ReadTimeout",
        "KeyboardInterrupt",
        "thread 'main' panicked at src/main.rs:4",
        "Caused by: java.net.SocketTimeoutException",
    ],
)
def test_exceptions(line: str) -> None:
    """The last line of a traceback, whatever a logger or a box put around it."""
    assert shape_of(line) is Shape.EXCEPTION
    assert is_exception(line)


@pytest.mark.parametrize(
    "line",
    [
        "ERROR: something failed",
        "fatal: unable to access the repository",
        "Error code: 402 - {'error': {'message': 'Insufficient Balance'}}",
        "< HTTP/2 429 ",
        "unexpected status 401 Unauthorized",
        '{"type":"result","is_error":true,"result":"API Error"}',
        '{"role":"assistant","isApiErrorMessage":true,"content":"limit"}',
        'last_error: "429 {\\"type\\":\\"error\\"} you can see the headers"',
        "curl: (28) Operation took too long",
        "- Error: the third step failed",
        "❌ could not load the model",
        "模型调用失败",
    ],
)
def test_errors(line: str) -> None:
    """Messages that call themselves errors, and answers of servers."""
    assert shape_of(line) is Shape.ERROR


@pytest.mark.parametrize(
    "line",
    [
        "        raise RateLimitError(message)",
        "    throw new Error('Unauthorized');",
        "        except openai.RateLimitError:",
        "        # CUDA error: no kernel image",
        " 222:   // RuntimeError: CUDA error: x",
        "+        raise RuntimeError('out of memory')",
        "    except (A, B) as error:",
        "def test_returns_401():",
        "from app import x  # noqa: 401",
        'logger.error("Connection refused")',
        'if "out of memory" in str(e):',
        "        if code == 429 or",
        "            status_tracker.time = time.time()",
        'const msg = "You hit your limit";',
        '  if (e.message === "read ECONNRESET") {',
        '"<title>502 Bad Gateway</title>" CRLF',
        '        "No space left on device",',
        "tests/test_auth.py::test_unauthorized PASSED   [ 50%]",
        "✓ answers 503 when the upstream is down",
        "test result: ok. 401 passed; 0 failed",
        "| timeouts | 503 errors |",
        "0 errors, 12 rate limited, 500 ok",
        "- Dropped connections are retried (connection reset by peer)",
        "1. If you get a 401, log in again",
        "The API returns 429 when you exceed your rate limit.",
        "Responds with HTTP status code 401 when the cookie is missing",
        "I'll handle the CUDA out of memory error by lowering the batch size.",
        'User: what does "connection reset by peer" mean?',
        '{"role": "assistant", "content": "Error code: 429 means you wait"}',
        '<v-alert v-if="error === 401">',
        "notes/limits.md:12: - `no_credit`: the account is empty",
        '"kinds": {"timeouts": 4, "rate_limit": 0},',
        "pool: the connection was restored after 9 s",
        "Why does the run end with exit code 137?",
        "Quotas are imposed to prevent abuse by a few users of the cluster.",
        "help: Whether a request that was rate limited is sent again",
        "clear_cache()   # or it runs out of memory",
        "2026-01-02 INFO retry succeeded on attempt 3, the server was busy",
        "    :raises TokenError: access denied",
        "    public QuotaExceededException(String text) {",
        "If memory is exhausted here",
    ],
)
def test_quotes(line: str) -> None:
    """Code, tests, tables, change logs, prose and transcripts prove nothing."""
    assert shape_of(line) is Shape.QUOTE


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("INFO:httpx:POST https://x HTTP/1.1 429 Too Many Requests", Shape.CHATTER),
        ("2026-01-02 03:04:05 [info] error budget fine", Shape.CHATTER),
        ("level=debug msg=refused", Shape.CHATTER),
        ("You've hit your limit · resets 4pm", Shape.PLAIN),
        ("step 12 of 40", Shape.PLAIN),
        ("", Shape.PLAIN),
    ],
)
def test_the_rest(line: str, shape: Shape) -> None:
    """Chatter says something on the way; a plain line is just words."""
    assert shape_of(line) is shape


def test_bare_takes_off_every_prefix() -> None:
    """Timestamps, tags, levels, boxes."""
    assert bare("│ [2026-01-01 10:00:00] [rank1]: ERROR: no │").startswith("no")
    assert bare("plain") == "plain"
    assert bare("[a] " * 9 + "x") == "[a] x"


@pytest.mark.parametrize(
    "prefix",
    [
        "E1122 10:00:00.000000   123 file.cc:12] ",
        "2025-06-01T03:12:44.512345678Z stderr F ",
        "2026-07-29T09:10:41.8997929Z ##[error]",
        "3: ",
        "runner-1  | ",
        "Jun  1 03:12:44 node07 runner[4242]: ",
        " 43%|████▎     | 127/294 [47:42<1:02:44, 22.54s/it]",
        "(WorkerDict pid=4242) ",
    ],
)
def test_what_collectors_of_logs_put_before(prefix: str) -> None:
    """glog, Kubernetes, GitHub, srun, compose, syslog, a bar, Ray."""
    assert bare(prefix + "ValueError: bad value") == "ValueError: bad value"


def test_a_level_in_json_makes_an_error() -> None:
    """By number, by name; or the stream it came from."""
    for entry in ('"level":50', '"level": "error"', '"stream":"stderr"'):
        assert shape_of(f'{{{entry},"msg":"the words"}}') is Shape.ERROR
    assert shape_of('{"level":30,"msg":"the words"}') is Shape.PLAIN


def test_answers_of_servers_are_structured() -> None:
    """JSON, Python's repr, one line of a pretty-printed body."""
    assert is_structured('{"error": {"message": "slow down", "code": 429}}')
    assert is_structured("Error code: 400 - {'error': {'message': 'too long'}}")
    assert is_structured('    "code": 503,')
    assert is_structured('{"type":"result","is_error":true}')
    assert not is_structured("Error: connection refused")
    assert not is_structured('{"step": 429, "errors": 0}')


def test_long_lines_are_judged_by_their_beginning() -> None:
    """A megabyte of one character costs no more than a short line."""
    assert shape_of(" " * 1_000_000 + "ValueError: x") is Shape.PLAIN
    assert shape_of("ValueError: " + "x" * 1_000_000) is Shape.EXCEPTION


@pytest.mark.parametrize(
    "line",
    [
        "fetcher: it broke",
        "/opt/sdk/tool.targets(1,2): error : it broke",
        "2026-01-02 03:04:05 it broke",
        "[rank0]: it broke",
        "错误可能原因\uff1a断了",
        "#7 12.3 it broke",
    ],
)
def test_messages_say_who_sends_them(line: str) -> None:
    """A program, a time, a rank, a step of a build."""
    assert is_sent(line)


def test_sentences_have_no_sender() -> None:
    """Nor have the lines of a list."""
    assert not is_sent("it broke because it was old")


@pytest.mark.parametrize(
    "line",
    [
        "12:00:01 INFO batch: job 7 gave up, see ValueError below",
        "WARN pool: executor 4 lost",
        "all of the credits are exhausted",
        '  "detail": "the upstream had no answer",',
        "[launcher] job 7 exits with return code = -9",
    ],
)
def test_failures_are_told_of_at_any_level(line: str) -> None:
    """They explain an end at most: nothing in them calls itself an error."""
    assert is_adverse(line)
    assert shape_of(line) < Shape.ERROR


def test_news_is_not_adverse() -> None:
    """A level alone tells of no failure."""
    assert not is_adverse("WARN pool: executor 4 is slow")
    assert not is_adverse("INFO pool: soft quota exceeded by 3 %")
    assert is_adverse("INFO pool: request failed, soft quota exceeded")
