import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.core.marks import LONGEST, Mark, mark


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"done":3,"total":10,"item":"q4"}', Mark(done=3, total=10, item="q4")),
        ('@overnight {"done":3}', Mark(done=3)),
        ('{"done":3,"total":0}', Mark(done=3, total=0)),
        ('  @overnight done=3 total=10 item="q \\"4\\""  ', Mark(done=3, total=10, item='q "4"')),
        ("done=3 total=10 item=q4", Mark(done=3, total=10, item="q4")),
        ("item=", Mark(item="")),
        (
            '{"failed":7,"class":"server_error","error":"HTTP 500"}',
            Mark(failed="7", kind="server_error", error="HTTP 500"),
        ),
        ("failed=q1 class=Weird!", Mark(failed="q1")),
        ("ok=q1", Mark(ok="q1")),
        ('waiting="resets 4pm" until=1700000000', Mark(waiting="resets 4pm", until=1.7e9)),
        ('{"waiting":null}', Mark(waiting="")),
        ("waiting=", Mark(waiting="")),
        (
            '{"tokens_in":10,"tokens_out":2.0,"requests":1,"cost":0.25}',
            Mark(tokens_in=10, tokens_out=2, requests=1, cost=0.25),
        ),
        ('{"done":1,"new_in_version_9":[]}', Mark(done=1)),
    ],
)
def test_json_and_words_say_the_same(line: str, said: Mark) -> None:
    assert mark(line) == said


@pytest.mark.parametrize(
    "line",
    [
        "",
        "@overnight",
        "hello",
        "done=3 total",
        "done=three",
        'item="open',
        "[1]",
        "{",
        "{}",
        '{"other":1}',
        '{"done":-1}',
        '{"done":1.5}',
        '{"done":true}',
        '{"done":1e300}',
        '{"done":NaN}',
        '{"done":[]}',
        "done=11 total=10",
        '{"item":{}}',
        '{"item":true}',
        '{"waiting":"x"}',
        '{"waiting":5}',
        '{"cost":Infinity}',
        '{"until":5',
        "[" * 5000,
        '{"done":' * 3000,
        '{"item":"' + "x" * LONGEST + '"}',
        "done=" + "9" * 5000,
        '{"done":1' + "0" * 5000 + "}",
    ],
)
def test_what_is_malformed_is_none(line: str) -> None:
    assert mark(line) is None


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_mark_or_none(line: str) -> None:
    mark(line)
    mark("@overnight " + line)


@settings(deadline=None)
@given(
    st.integers(0, 1 << 53),
    st.integers(0, 1 << 53),
    st.text(max_size=30),
    st.floats(0, 1e9, allow_nan=False),
)
def test_what_json_says_is_read(first: int, second: int, item: str, cost: float) -> None:
    done, total = sorted((first, second))
    fields = {"done": done, "total": total, "item": item, "cost": cost}
    assert mark(json.dumps(fields)) == Mark(done=done, total=total, item=item, cost=cost)


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_words_carry_any_text_in_quotes(item: str, error: str) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    found = mark(f"failed={quoted('x' + item)} error={quoted(error)} done=1")
    if "\n" not in item + error:
        assert found == Mark(failed="x" + item, error=error, done=1)
