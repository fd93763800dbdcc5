"""YAML that is written reads back as the same text."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from supervisor.config.emit import emitted, scalar
from supervisor.config.source import read

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(value=st.dictionaries(TEXT, VALUES, min_size=1, max_size=4))
def test_what_is_written_reads_back(value: dict[str, Any]) -> None:
    assert read(emitted(value), "f").value == value


def test_plain_text_needs_no_quotes() -> None:
    assert [
        scalar(text) for text in ("a b", "/x/y.z", "on", "0504157", "--id", "a: b", "a #b", "")
    ] == [
        "a b",
        "/x/y.z",
        '"on"',
        '"0504157"',
        '"--id"',
        '"a: b"',
        '"a #b"',
        '""',
    ]


def test_layout() -> None:
    text = emitted(
        {
            "batch": "x",
            "parallel": 8,
            "for": {"arg": ["a", "1"]},
            "tasks": [{"id": "a", "run": "b | c"}, ["x"], {}],
            "long": ["w" * 50, "v" * 50],
            "none": {},
        }
    )
    assert text.splitlines() == [
        "batch: x",
        "parallel: 8",
        "for:",
        '  arg: [a, "1"]',
        "tasks:",
        "  - id: a",
        '    run: "b | c"',
        "  - - x",
        "  - {}",
        "long:",
        f"  - {'w' * 50}",
        f"  - {'v' * 50}",
        "none: {}",
    ]
