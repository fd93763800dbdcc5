"""YAML read as text: nothing is resolved, everything has a line, and faults say what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.config import source
from supervisor.config.source import read
from supervisor.ports import ConfigError

AS_WRITTEN = [
    "0504157", "on", "off", "yes", "no", "y", "22:00", "1.10", "~", "null", "true", "False", "1e3",
    "0x1F", "0o17", "017", "1_000", "+1", "-0", ".5", ".inf", ".nan", "2026-02-19", "12:30:45",
    "190:20:30", "=", "<", "NULL", "0b11", "2001-12-14t21:59:43.10-05:00",
]  # fmt: skip


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_scalars_stay_as_written(text: str) -> None:
    assert read(f"a: {text}\nb:\n  - {text}\nc: {{k: {text}}}\n", "f").value == {
        "a": text,
        "b": [text],
        "c": {"k": text},
    }


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_keys_stay_as_written(text: str) -> None:
    assert read(f"{text}: x\n", "f").value == {text: "x"}


def test_quoted_folded_and_literal_text() -> None:
    text = "a: \"x\\ty\"\nb: 'it''s'\nc: |\n  one\n  two\nd: >\n  one\n  two\ne:\n"
    assert read(text, "f").value == {
        "a": "x\ty",
        "b": "it's",
        "c": "one\ntwo\n",
        "d": "one two\n",
        "e": "",
    }


def test_anchors_and_aliases() -> None:
    value = read("a: &x {k: [1, 2]}\nb: *x\n", "f").value
    assert value == {"a": {"k": ["1", "2"]}, "b": {"k": ["1", "2"]}}


def test_bytes_that_are_no_text_may_pass_in_disguise() -> None:
    assert read('a: "\\udc80"\n', "f").value == {"a": "\udc80"}


def test_an_empty_file_holds_nothing() -> None:
    assert read("", "f").value is None
    assert read("# nothing\n", "f").value is None


def test_lines_of_keys_and_items() -> None:
    document = read("a:\n  b:\n    - x\n    - {c: d}\n    -\n      e: f\ng: h\n", "f")
    assert document.line(("a",)) == 1
    assert document.line(("a", "b", 0)) == 3
    assert document.line(("a", "b", 1, "c")) == 4
    assert document.line(("a", "b", 2, "e")) == 6
    assert document.line(("g",)) == 7


def test_the_line_of_what_is_not_there_is_the_nearest_above() -> None:
    document = read("a:\n  b: x\n", "f")
    assert document.line(("a", "b", "c")) == 2
    assert document.line(("a", "z", "y")) == 1
    assert document.line(()) == 1
    assert read("", "f").line(("a",)) == 1


QUOTE = ' (put the whole command in quotes, or write it below "run: |")'
FAULTS = {
    "run: python x {a}: b\n": (
        "f:1: not valid YAML: mapping values are not allowed here: run: python x {a}: b" + QUOTE
    ),
    "x: y\nrun: echo foo: bar\n": (
        "f:2: not valid YAML: mapping values are not allowed here: run: echo foo: bar" + QUOTE
    ),
    "run: {name} foo\n": (
        "f:1: not valid YAML: while parsing a block mapping expected <block end>, but found"
        " '<scalar>': run: {name} foo" + QUOTE
    ),
    "a:\n\tb: c\n": (
        "f:2: not valid YAML: while scanning for the next token found character '\\t' that cannot"
        " start any token: b: c (indent with spaces, not tabs)"
    ),
    "a: @x\n": (
        "f:1: not valid YAML: while scanning for the next token found character '@' that cannot"
        " start any token: a: @x (put the text in quotes)"
    ),
    "run: [ -f x ] && y\n": (
        "f:1: not valid YAML: while parsing a block mapping expected <block end>, but found"
        " '<anchor>': run: [ -f x ] && y" + QUOTE
    ),
    "b: c\na: 'x\n": (
        "f:2: not valid YAML: while scanning a quoted scalar found unexpected end of stream: a: 'x"
    ),
    "a: 1\n---\nb: 2\n": (
        "f:2: not valid YAML: expected a single document in the stream but found another"
        " document: ---"
    ),
    "a: *nope\n": "f:1: not valid YAML: found undefined alias 'nope': a: *nope (put the text in quotes)",
    "a: 1\nb: 2\na: 3\n": "f:3: duplicate key 'a', first on line 1",
    "limit: [gpu-{gpu}, all]\n": (
        "f:1: not valid YAML: while parsing a flow sequence expected ',' or ']', but got '{': limit:"
        " [gpu-{gpu}, all] (put the text in quotes)"
    ),
    "a: {b: 1, b: 2}\n": "f:1: duplicate key 'b', first on line 1",
    "a: &x [*x]\n": "f:1: an alias inside its own anchor",
    "<<: {a: b}\n": (
        "f:1: merge keys (<<) are not YAML 1.2: a key at the top of the file is every group's"
        " default"
    ),
    "{a: b}: c\n": "f:1: a key in braces: text that begins with { needs quotes",
    "? [a]\n: c\n": "f:1: a key must be text",
    "a: !!python/object:os.system x\n": (
        "f:1: the tag tag:yaml.org,2002:python/object:os.system is not allowed"
    ),
    "a: !env X\n": "f:1: the tag !env is not allowed",
    'a: "\\0"\n': "f:1: a value with a NUL character",
    'a: "\\ud800"\n': "f:1: a value with half a character; no command can take it",
    "%YAML 1.1\n---\na: on\n": "f:1: only YAML 1.2 is read, not 1.1",
    "a: \x07\n": (
        "f:1: not valid YAML: unacceptable character #x0007: special characters are not allowed"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), FAULTS.items())
def test_faults(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(text, "f")
    assert error.value.problems == (message,)


def test_all_faults_that_are_not_syntax_come_at_once() -> None:
    with pytest.raises(ConfigError) as error:
        read("a: 1\na: 2\nb: !x y\n<<: z\n", "f")
    assert [problem.split(": ")[0] for problem in error.value.problems] == ["f:2", "f:3", "f:4"]


def test_a_document_that_unfolds_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_MOST_VALUES", 10_000)
    text = "a0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    with pytest.raises(ConfigError, match=r"^f: more than 10000 values$"):
        read(text, "f")


def test_depth_is_refused_in_words() -> None:
    with pytest.raises(ConfigError, match="not valid YAML"):
        read("[" * 1100, "f")


def problems(text: str) -> tuple[str, ...]:
    try:
        read(text, "f")
    except ConfigError as error:
        return error.problems
    return ()


@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert all(problem.startswith("f:") for problem in problems(text))
