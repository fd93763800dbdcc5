"""Drawn, wrapped and prefixed tracebacks are read as what they are."""

from textwrap import dedent

import pytest

from supervisor.core.boxes import pieces, worth_reading

WIDE = "─" * 20


def rich(message: str, width: int = 80) -> str:
    """Return what Rich prints for an exception, at ``width`` columns."""
    top = f"╭{' Traceback (most recent call last) '.center(width - 2, '─')}╮"
    code = [f"│ {text:<{width - 4}} │" for text in ("/srv/run.py:7 in main", "❱ 7 │   call()")]
    rows = [""]
    for word in message.split(" "):
        if rows[-1] and len(rows[-1]) + 1 + len(word) > width:
            rows.append(word)
        else:
            rows[-1] = f"{rows[-1]} {word}".strip()
    return "\n".join([top, *code, f"╰{'─' * (width - 2)}╯", *(f"{row:<{width}}" for row in rows)])


def texts(text: str) -> list[str]:
    return [piece.text for piece in pieces(text.splitlines())]


MESSAGE = (
    "AuthenticationError: Error code: 401 - {'error': {'message': 'The key that was given is not"
    " one of ours. Make a new one.', 'type': 'invalid_request_error', 'code': 'invalid_api_key'}}"
)


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_a_rich_box_and_the_lines_wrapped_below_it(width: int) -> None:
    after = "Task interrupted (no samples completed before interruption)"
    text = f"Running 1 tasks...\n{rich(MESSAGE, width)}\n{after.ljust(width)}\nLog: x.eval\n"
    (piece,) = pieces(text.splitlines())
    assert piece.text.startswith(MESSAGE)
    assert piece.final
    assert piece.first == 5
    assert len(piece.text) <= len(MESSAGE) + len(after) + 1


def test_a_word_longer_than_a_row_is_one_word_again() -> None:
    word = "x" * 100
    text = rich("E: a").replace("E: a".ljust(80), f"{('E: ' + word)[:80]}\n{('E: ' + word)[80:]}")
    assert texts(text) == [f"E: {word}"]


def test_a_box_in_a_panel() -> None:
    inner = rich(MESSAGE, 76)
    panel = "\n".join(f"│ {line:<76} │" for line in inner.splitlines())
    assert texts(f"╭{'─' * 78}╮\n{panel}\n╰{'─' * 78}╯\n") == [MESSAGE]


def test_a_plain_traceback_in_a_panel() -> None:
    rows = [
        "Traceback (most recent call last):",
        '  File "a.py", line 1, in <module>',
        "ValueError: no room for so many words in one row of this panel here",
        "so it goes on",
    ]
    text = "\n".join(f"│ {row:<67} │" for row in rows)
    assert texts(text) == [f"{rows[2]} {rows[3]}"]


def test_exceptions_that_led_to_the_last() -> None:
    text = dedent(
        """\
        Traceback (most recent call last):
          File "old.py", line 1, in <module>
        OSError: long ago
        going on
        Traceback (most recent call last):
          File "a.py", line 1, in <module>
            call()
        httpx.ConnectError: [Errno 111] Connection refused

        The above exception was the direct cause of the following exception:

        Traceback (most recent call last):
          File "b.py", line 1, in <module>
        openai.APIConnectionError: Connection error.

        During handling of the above exception, another exception occurred:

        Traceback (most recent call last):
          File "c.py", line 1, in <module>
        RuntimeError: the agent failed
        """
    )
    assert [(piece.text, piece.final, piece.chained) for piece in pieces(text.splitlines())] == [
        ("OSError: long ago", False, False),
        ("httpx.ConnectError: [Errno 111] Connection refused", True, True),
        ("openai.APIConnectionError: Connection error.", True, True),
        ("RuntimeError: the agent failed", True, False),
    ]


def test_an_exception_group() -> None:
    text = """\
  + Exception Group Traceback (most recent call last):
  |   File "a.py", line 1, in <module>
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "b.py", line 2, in work
    | openai.RateLimitError: Error code: 429 - slow down
    +------------------------------------
"""
    assert texts(text)[-1] == "openai.RateLimitError: Error code: 429 - slow down"
    assert pieces(text.splitlines())[-1].final


@pytest.mark.parametrize(
    "prefix",
    ["(run_task pid=4711) ", "(pid=12, ip=10.0.0.1) ", "[rank3]: ", "    ", "worker-1  | "],
)
def test_senders_before_each_line(prefix: str) -> None:
    text = dedent(
        """\
        Traceback (most recent call last):
          File "a.py", line 1, in <module>
            call()
        torch.OutOfMemoryError: CUDA out of memory.
        """
    )
    marked = "".join(f"{prefix}{line}\n" for line in text.splitlines())
    assert texts(marked) == ["torch.OutOfMemoryError: CUDA out of memory."]


def test_a_bar_before_the_first_line() -> None:
    text = (
        " 40%|████      | 4/10 [00:03<00:04,  1.3it/s]Traceback (most recent call last):\n"
        '  File "a.py", line 1, in <module>\n'
        "ValueError: x\n"
    )
    assert texts(text) == ["ValueError: x"]


def test_a_line_of_many_bars_takes_no_time() -> None:
    """Looking further than a bar is long would take minutes."""
    assert texts("9%|" * 20_000 + "x [\n    at y\n") == ["9%|" * 20_000 + "x ["]


def test_pytest() -> None:
    text = "    def test_it():\n>       call()\nE       openai.AuthenticationError: 401\nE       more\n"
    assert texts(text) == ["openai.AuthenticationError: 401"]


def test_frames_below_the_exception() -> None:
    text = (
        "Error: 429 Too Many Requests\n    at call (/srv/a.js:1:2)\n    at run (/srv/b.js:3:4)\n\n"
        "java.io.IOException: outer\n\tat a.B.c(B.java:1)\nCaused by: java.net.X: inner\n"
        "\tat a.B.d(B.java:2)\n"
    )
    assert [(piece.text, piece.final) for piece in pieces(text.splitlines())] == [
        ("Error: 429 Too Many Requests", False),
        ("java.io.IOException: outer", True),
        ("Caused by: java.net.X: inner", True),
    ]


def test_what_hangs_below_an_agents_command() -> None:
    text = (
        "● Bash(python run.py --all --with --many --options and words until the row is full here)\n"
        "  ⎿  API Error: 401 the token that was given has run out some time ago and must be made\n"
        "     anew · Please run /login\n"
        "  ⎿  Read 3 lines\n"
        "     of a file\n"
    )
    assert texts(text) == [
        "API Error: 401 the token that was given has run out some time ago and must be made"
        " anew · Please run /login"
    ]
    assert not pieces(text.splitlines())[0].traceback


@pytest.mark.parametrize(
    "text",
    [
        "",
        "all is well\n",
        "Traceback (most recent call last):\n  File x\n",
        rich("x")[: -len("x".ljust(80))],
    ],
)
def test_nothing_to_read(text: str) -> None:
    assert pieces(text.splitlines()) == ()


def test_what_is_worth_reading() -> None:
    assert worth_reading(rich("x"))
    assert worth_reading("x\n    at y\n")
    assert not worth_reading("epoch 3, loss 0.1\n" * 100)


def test_what_hangs_there_whole_is_left_as_it_is() -> None:
    assert texts("  ⎿  Error: Exit code 1\n     Traceback and more\n") == []


def test_text_that_never_ends_is_cut() -> None:
    row = "word " * 15
    text = f"  ⎿  API Error: {row}\n" + f"     {row}and more of it\n" * 30
    (piece,) = pieces(text.splitlines())
    assert piece.last - piece.first == 12
