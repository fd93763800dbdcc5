"""Lines of programs, tests, tables and chats are told from lines that report something."""

import pytest

from supervisor.core.quotes import (
    argument_at,
    begins_code,
    has_source_bits,
    is_amid_code,
    is_code,
    is_item,
    is_transcript,
)


@pytest.mark.parametrize(
    "line",
    [
        "return response.status == 401",
        "        raise RateLimited(message)",
        '   "no space left on device", // as the kernel says',
        "    'disk full and other words that go on",
        "        stderr='connection refused',",
        "    MaxRetryError,",
        "     23         The GPU failed, see above",
        "---> 24         the disk is full",
        "            anyio.EndOfStream: ConnectError,",
        "        Limited as Limited,",
        '    return self._error("connection reset")',
        '\tif err := os.WriteFile(name, []byte("529 overloaded"), 0o600); err != nil {',
        "    if err.code == 'ECONNRESET' || err.code == 'EPIPE'",
        "const full = /no space left on device/i;",
        "  /no space left on device/i,",
        '    expect(kind("overloaded")).toBe("busy");',
        '            "out of memory".to_owned()',
        "        except (A, B) as error:",
        "  reason?: 'content_filter' | 'stop';",
        '  | "server_error"',
        '    429: "RATE_LIMITED",',
        '    503: ("service_unavailable", "unavailable"),',
        '    "overloaded_error": 529,',
        '  ["a shared pool", { status: 429 }],',
        "                status_code=400,",
        '"too many requests": "zu viele Anfragen",',
        'msgid "Connection refused"',
        "  CHECK (status IN ('ok', 'content_filter'))",
        "SELECT 1 FROM runs WHERE error LIKE '%reset%'",
        "kubectl get pods | grep OOMKilled",
        '        *"daemon is not running"*|*"refused"*)',
        'grep -c "CUDA out of memory" logs/*.err',
        "$ export NIGHT_API_KEY=your-key",
        "feat(client): raise Limited on HTTP 429",
        '\t{"api: Error 403: too often",',
        "commit: this closes #503",
        '    """A request failed with a rate limit."""',
        "tests/test_auth.py::test_unauthorized PASSED   [ 50%]",
        "| timeouts | 503 errors |",
        "  rate_limited: 'Too many requests. Slow down.',",
        '\t_, _ = fmt.Fprint(os.Stderr, "fatal: Could not resolve host")',
        "          throw new Error('502 bad gateway');",
        "    return classify(code, Kinds.LIMIT, 'insufficient_quota')",
        '      evidence: "429 Too Many Requests seen in this test.",',
        "HTTPStatus.TOO_MANY_REQUESTS: 'rate_limit',",
        "$message = 'RATE LIMIT: ' . $text . '",
        '\tUpstreamGeneric string = "UPSTREAM_ERROR"',
        "  returncode=1, stdout='', stderr='Cannot connect',",
        "#define ECONNRESET 54 /* Connection reset by peer */",
        "<h1>503 Service Unavailable</h1> // the fallback",
        "        detail: 'connection refused',",
        '            \'"result":"request timed out"}\\n\'',
        "    { status: 500, headers: { type: 'text' } },",
        "        effect=requests.ConnectionError('connection refused'),",
        '    "trace": None,',
        "  @Retry(on = 503)",
        '    or "RESOURCE_EXHAUSTED" in text',
        '    bail!("token expired")',
        '  "slow down" -> Kind.LIMIT',
        "  <p>Your session has expired</p>",
        "`429` | slow down",
        "Expect these: - 401 Unauthorized - 403 Forbidden",
        "0 errors, 12 rate limited, 500 ok",
    ],
)
def test_code_tests_and_tables(line: str) -> None:
    """All of it is quoted, not said."""
    assert is_code(line)


@pytest.mark.parametrize(
    "line",
    [
        "RuntimeError: CUDA error: out of memory",
        "Kernel.cu:99: select: block: [1,0,0] Assertion `i >= 0 && i < n || i == m` failed.",
        '{"error": {"message": "slow down", "code": 429}}',
        '  "documentation_url": "https://docs.example/limits",',
        "│          '    \"code\": 429,\\n' +",
        '    "message": "Daily limit reached.",',
        "urllib3.exceptions.MaxRetryError: HTTPSConnectionPool(host='models.example', port=443)",
        "\tstatus = StatusCode.RESOURCE_EXHAUSTED",
        '\tdetails = "Quota exceeded for requests per minute"',
        "('Connection aborted.', RemoteDisconnected('closed'))",
        "open(/dev/kfd): failed with No such file",
        "eval.sh: line 3: inspct: command not found",
        "2026-02-03 10:00:00 - ERROR - === EXCEPTION TYPE: Busy ===",
        "Error: your account is 3 days overdue",
    ],
)
def test_what_is_said_is_no_code(line: str) -> None:
    """Errors have brackets, quotes and operators, too."""
    assert not is_code(line)


def test_the_beginning_of_a_line_and_its_pieces() -> None:
    """A program can cite an answer of a server."""
    assert begins_code('    assistant([{ text: \'{"type":"error"}\' }], null, {});')
    assert not begins_code('data: {"type":"error","error":{"type":"overloaded_error"}}')
    assert has_source_bits("x = re.compile(r'Error: ')")
    assert not has_source_bits("ValueError: x")


def test_items_headings_and_labels() -> None:
    """A labelled error in a list is one; a heading that names an error is not."""
    assert is_item("├── the gateway answers 429")
    assert is_item("Diagnosis: the connection was refused")
    assert is_item("### CUDA out of memory")
    assert is_item("**Error**: `RuntimeError: CUDA out of memory`")
    assert is_item("**A:** Exit code 137 means too much memory.")
    assert is_item('- Error: "No space left on device"')
    assert is_item("Symptom: Pod killed with exit code 137")
    assert is_item("3. If you get a 401, log in")
    assert not is_item("- Error: the third step failed")
    assert not is_item("**2026-04-29 18:55** — cycle error: Error code: 429")
    assert not is_item("No space left on device")


def test_data_amid_code() -> None:
    """What could be data is a piece of a program when its neighbour is."""
    piece = '        "message": "Capacity exceeded for this model.",'
    assert is_amid_code(piece, ("def answer():", ""))
    assert is_amid_code(piece, ("", "        return None"))
    assert not is_amid_code(piece, ('      "code": 429,', "  }"))
    assert not is_amid_code("Capacity exceeded", ("def answer():", ""))
    assert is_amid_code("    Error Code: 500", ('  <div class="mt-8">', "  </div>"))
    assert is_amid_code("- Error: HTTP 500 in words", ("- Answer: `text/csv`", ""))
    assert not is_amid_code("- Error: HTTP 500 in words", ("- the second try", ""))
    assert not is_amid_code("<center><h1>503</h1></center>", ("<body>", "</body>"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('patch(get, side_effect=Timeout("read timed out")):', "read"),
        ("  MONGO_ERROR('out of memory');", "out of"),
        ('RATE_LIMIT_EXCEEDED(429, "rate limit exceeded"),', "rate"),
        ('done = classify(returned("no credit"), december)["reset"]', "no credit"),
    ],
)
def test_arguments(line: str, words: str) -> None:
    """A string that is handed to something is no message."""
    start = argument_at(line, line.index(words))
    assert start is not None
    assert line[start] in "'\""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("no credit", "no"),
        ("You've no credit, don't you", "no credit"),
        ('{"error": "no credit", "code": 429}', "no credit"),
        ("('Connection aborted.', Disconnected('closed'))", "Connection"),
        ('exec: "no credit": not found', "no credit"),
        ('the words "no credit" appear', "no credit"),
        ('unterminated("no credit', "no credit"),
    ],
)
def test_what_is_no_argument(line: str, words: str) -> None:
    """Answers of servers, tuples that were printed, words in quotes."""
    assert argument_at(line, line.index(words)) is None


def test_transcripts() -> None:
    """What an agent said."""
    assert is_transcript('{"role": "tool", "content": "Connection refused"}')
    assert not is_transcript('{"type": "error", "message": "Connection refused"}')
