"""Command lines are taken apart by the table."""

import pytest

from supervisor.cli.words import Args, CommandError, Flag, parsed

FLAGS = (
    Flag("follow", "", letter="f"),
    Flag("attempt", "", value="N"),
    Flag("parallel", "", letter="j", value="N"),
    Flag("after", "", value="TASK", many=True),
    Flag("json", ""),
)


def take(*words: str) -> Args:
    return parsed(list(words), FLAGS)


def test_flags_may_stand_anywhere_before_the_dashes() -> None:
    args = take("a", "--json", "b", "-j8", "--attempt=3", "-f", "--", "cmd", "--json", "--")
    assert args.words == ["a", "b"]
    assert args.on("json")
    assert args.on("follow")
    assert (args.number("parallel"), args.number("attempt")) == (8, 3)
    assert args.after == ["cmd", "--json", "--"]
    assert args.first() == "a"


def test_values_may_follow_or_stick() -> None:
    assert take("-j", "8").text("parallel") == "8"
    assert take("-fj8").number("parallel") == 8
    assert take("--parallel", "8").number("parallel") == 8
    assert take("--after", "a", "--after", "b").texts("after") == ["a", "b"]


def test_a_lone_dash_and_negative_numbers_are_words() -> None:
    assert take("-", "-5").words == ["-", "-5"]
    assert take().after is None
    assert take("--").after == []
    assert take().first() is None
    assert take().number("attempt") is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--jsno",), "unknown flag --jsno; did you mean --json?"),
        (("-x",), "unknown flag -x"),
        (("--json=1",), "--json takes no value"),
        (("--attempt",), "--attempt wants a value: --attempt N"),
        (("-j", "--", "x"), "--parallel wants a value"),
    ],
)
def test_wrong_flags_are_named(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message.replace("?", r"\?")):
        take(*words)


@pytest.mark.parametrize("word", ["x", "-1", "1.5", "²", ""])
def test_numbers_are_whole(word: str) -> None:
    with pytest.raises(CommandError, match="whole number"):
        take(f"--attempt={word}").number("attempt")
