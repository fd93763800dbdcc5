"""The part of a log that is worth a look."""

from supervisor.core.excerpt import excerpt

TRACEBACK = [
    "Traceback (most recent call last):",
    '  File "a.py", line 1, in <module>',
    "ValueError: first",
]


def test_the_whole_final_traceback() -> None:
    """However long, and nothing before it."""
    lines = ["noise"] * 100 + TRACEBACK + ["goodbye"]
    assert excerpt(lines) == (*TRACEBACK, "goodbye")
    assert excerpt(lines, "ValueError: first") == (*TRACEBACK, "goodbye")


def test_a_chain_is_one_traceback() -> None:
    """What it was raised from belongs to it; an earlier one that was survived does not."""
    chain = [*TRACEBACK, "", "During handling of the above exception, another occurred:", ""]
    lines = [*TRACEBACK, "retrying", *chain, *TRACEBACK]
    assert excerpt(lines) == (*chain, *TRACEBACK)


def test_the_proof_and_its_neighbours() -> None:
    """20 lines before and after the last line that proves it."""
    lines = [f"line {n}" for n in range(100)]
    lines[50] = "Error: token=abc is wrong"
    found = excerpt(lines, "Error: token=[redacted] is wrong")
    assert found == tuple(lines[30:71])
    after = excerpt([*TRACEBACK, *lines][: 3 + 90], "Traceback is long gone")
    assert after == tuple([*TRACEBACK, *lines][:93])


def test_a_proof_before_the_traceback_counts_more_than_it() -> None:
    """The traceback that followed is not what was proved."""
    lines = ["Error: the cause", *["x"] * 50, *TRACEBACK]
    assert excerpt(lines, "Error: the cause…") == tuple(lines[:21])


def test_else_the_last_lines() -> None:
    """Without any clue the end of the log is all there is."""
    lines = [f"line {n}" for n in range(100)]
    assert excerpt(lines) == tuple(lines[60:])
    assert excerpt(lines, "not in there") == tuple(lines[60:])
    assert excerpt(lines, "[redacted]") == tuple(lines[60:])
    assert excerpt([]) == ()


def test_a_wrapped_proof_is_found_by_its_first_row() -> None:
    """Not the older traceback before it."""
    old = ["Traceback (most recent call last):", "  File x", "ValueError: old"]
    rows = ["RuntimeError: the words of this message go", "on in the next row"]
    lines = [*old, *(["going on"] * 500), *rows]
    assert rows[0] in excerpt(lines, " ".join(rows))
