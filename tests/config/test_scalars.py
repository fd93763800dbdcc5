"""What text is read as, and what is said when it cannot be."""

from collections.abc import Callable

import pytest

from supervisor.config import scalars

Read = Callable[[str], object]


def whole(text: str) -> int:
    return scalars.whole(text, 1)


GOOD: list[tuple[Read, str, object]] = [
    (whole, "8", 8),
    (whole, "007", 7),
    (scalars.parallel, "1..5", (1, 5)),
    (scalars.parallel, "1 .. 5", (1, 5)),
    (scalars.parallel, "5", (5, 5)),
    (scalars.factor, "1.5", 1.5),
    (scalars.factor, "2", 2.0),
    (scalars.duration, "2h30m", 9000.0),
    (scalars.positive, "1s", 1.0),
    (scalars.maybe_positive, "null", None),
    (scalars.maybe_positive, "off", None),
    (scalars.maybe_positive, "1m", 60.0),
    (scalars.span, "2s..7s", (2.0, 7.0)),
    (scalars.span, "2s .. 7s", (2.0, 7.0)),
    (scalars.span, "5s", (5.0, 5.0)),
    (scalars.span, "0s..0s", (0.0, 0.0)),
    (scalars.pace, "30/h", 120.0),
    (scalars.pace, "0.5/s", 2.0),
    (scalars.own_variable, "AZURE_TOKEN", "AZURE_TOKEN"),
    (scalars.size, "10GiB", 10 * 1024**3),
    (scalars.size, "5GB", 5 * 10**9),
    (scalars.size, "1.5 kib", 1536),
    (scalars.size, "100B", 100),
    (scalars.size, "2tb", 2 * 10**12),
    (scalars.zone, "America/Los_Angeles", "America/Los_Angeles"),
    (scalars.zone, "UTC", "UTC"),
    (scalars.clock_time, "06:00", (6, 0)),
    (scalars.clock_time, "23:59", (23, 59)),
    (scalars.name, "corebench-night 2", "corebench-night 2"),
    (scalars.name, "größe", "größe"),
    (scalars.filled, " x ", " x "),
]

BAD: list[tuple[Read, str, str]] = [
    (whole, "1..5", "expected a whole number, found '1..5'"),
    (scalars.parallel, "0..5", "must be at least 1, not 0"),
    (scalars.parallel, "5..1", "ends below its beginning: '5..1'; write it like 1..5"),
    (scalars.parallel, "1..", "expected a whole number, found ''"),
    (scalars.parallel, "1...5", "expected a whole number, found '.5'"),
    (whole, "0", "must be at least 1, not 0"),
    (whole, "-3", "must be at least 1, not -3"),
    (whole, "1e3", "expected a whole number, found '1e3'"),
    (whole, "0x1F", "expected a whole number, found '0x1F'"),
    (whole, "1.0", "expected a whole number, found '1.0'"),
    (whole, "٣", "expected a whole number, found '٣'"),
    (whole, "", "expected a whole number, found ''"),
    (whole, "yes", "expected a whole number, found 'yes'"),
    (scalars.factor, "0.5", "must be at least 1, not 0.5"),
    (scalars.factor, "1e1", "expected a number such as 1.5, found '1e1'"),
    (scalars.factor, ".inf", "expected a number such as 1.5, found '.inf'"),
    (scalars.duration, "90", "'90' has no unit: write 90s, 90m or 90h"),
    (scalars.duration, "300%", "a share of the median is not supported in this version yet"),
    (scalars.duration, "22:00", "'22:00' is no duration: write it like 90s, 2h30m or 1d"),
    (scalars.positive, "0s", "must be longer than 0s"),
    (scalars.span, "7s..2s", "'7s..2s' begins after it ends"),
    (scalars.span, "2..7", "'2' has no unit: write 2s, 2m or 2h"),
    (scalars.pace, "30", "'30' is no rate: write it like 30/h or 2/m"),
    (scalars.pace, "0/h", "'0/h' is no rate: write it like 30/h or 2/m"),
    (
        scalars.own_variable,
        "OVERNIGHT_TASK",
        "OVERNIGHT_TASK: names that begin with OVERNIGHT_ are overnight's own",
    ),
    (scalars.size, "10", "'10' is no size: write it like 10GiB or 500MB"),
    (scalars.size, "10G", "'10G' is no size: write it like 10GiB or 500MB"),
    (scalars.size, "big", "'big' is no size: write it like 10GiB or 500MB"),
    (
        scalars.zone,
        "America/Los_Angles",
        "no time zone is called 'America/Los_Angles', did you mean \"America/Los_Angeles\"?",
    ),
    (scalars.zone, "../etc", "no time zone is called '../etc'"),
    (scalars.clock_time, "6:00", "'6:00' is no time of day: write it like 06:00"),
    (scalars.clock_time, "24:00", "'24:00' is no time of day: write it like 06:00"),
    (scalars.name, "x" * 101, "a name has at most 100 characters"),
    (scalars.filled, " ", "is empty"),
]
NO_NAMES = ["", " a", "a ", "a/b", "a*", "-a", "[a]", "{a}", "a?", "a\nb", ":a", ",a"]


@pytest.mark.parametrize(("read", "text", "value"), GOOD)
def test_what_is_read(read: Read, text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(("read", "text", "message"), BAD)
def test_what_is_refused(read: Read, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        read(text)
    assert str(error.value) == message


@pytest.mark.parametrize("text", NO_NAMES)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        scalars.name(text)


def test_words() -> None:
    assert scalars.word("pause", ("abort", "pause"), {}) == "pause"
    with pytest.raises(ValueError, match=r"^'abrt' is not known, did you mean \"abort\"\?$"):
        scalars.word("abrt", ("abort", "pause"), {})
    with pytest.raises(ValueError, match=r"^expected abort or pause, found 'x'$"):
        scalars.word("x", ("abort", "pause"), {})
    with pytest.raises(ValueError, match=r"^restart is not supported in this version yet$"):
        scalars.word("restart", ("mark",), {"restart": "restart"})


def test_commands() -> None:
    assert scalars.command("a | b") == "a | b"
    assert scalars.command(["a", "", "0504157"]) == ("a", "", "0504157")
    for value, message in (
        ({"name": ""}, "expected a command, found keys; text that begins with { needs quotes"),
        ({"a": "b"}, "expected a command, found keys"),
        ([], "is empty"),
        ([""], "is empty"),
        (" ", "is empty"),
        ([["a"]], "expected a list of texts, found a list"),
    ):
        with pytest.raises(ValueError, match=r".") as error:
            scalars.command(value)
        assert str(error.value) == message


def test_lists_of_texts() -> None:
    assert scalars.texts("a") == ("a",)
    assert scalars.texts(["a", "b"]) == ("a", "b")
    with pytest.raises(ValueError, match=r"^expected text or a list of texts, found keys$"):
        scalars.texts({"a": "b"})
    assert scalars.needs(["a", "b/*"]) == ("a", "b/*")
    assert scalars.needs([{"group": "a", "done": "9%"}, "b"]) == ("{group: a, done: 9%}", "b")


def test_what_to_call_for() -> None:
    assert scalars.whens("done") == ("done",)
    assert scalars.whens(["done", "needs_you", "done"]) == ("done", "needs_you")
    with pytest.raises(ValueError, match=r"^expected needs_you or done, found 'never'$"):
        scalars.whens(["never"])


def test_silence_takes_two_signs() -> None:
    assert scalars.signals(["cpu", "log", "cpu"]) == ("log", "cpu")
    for one in ("log", ["cpu"], []):
        with pytest.raises(ValueError, match="silence takes two signs at least, of log, progress"):
            scalars.signals(one)
    with pytest.raises(ValueError, match="'cpus'"):
        scalars.signals(["cpus", "log"])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (["a"], "expected a regular expression with two groups"),
        ("(a)", "has 1"),
        ("(a)(b", "is no regular expression"),
        (r"(\d+)+/(\d+)", "repeats a repeat"),
    ],
)
def test_a_counter_has_two_groups_and_cannot_hang(value: str | list[str], words: str) -> None:
    assert scalars.counter(r"(\d+)/(\d+) done") == r"(\d+)/(\d+) done"
    with pytest.raises(ValueError, match=words):
        scalars.counter(value)


def test_exit_codes() -> None:
    assert scalars.exit_codes("0") == (0,)
    assert scalars.exit_codes(["0", "3"]) == (0, 3)
    wrong: list[str | list[str] | dict[str, str]] = ["256", [], "x", "-1"]
    for value in wrong:
        with pytest.raises(ValueError, match=r"."):
            scalars.exit_codes(value)


def test_ranges_of_times_of_day() -> None:
    assert scalars.clock_range("22:00-07:30") == (1320, 450)
    assert scalars.clock_range("09:00 - 17:00") == (540, 1020)
    for text in ("22:00", "22-7", "22:00-24:00", "22:00-07:30-08:00"):
        with pytest.raises(ValueError, match="write it like 22:00-07:30"):
            scalars.clock_range(text)
    with pytest.raises(ValueError, match="ends where it begins"):
        scalars.clock_range("07:30-07:30")


def test_a_share_of_the_last() -> None:
    assert scalars.share_of_last("50% of the last 20") == (0.5, 20)
    assert scalars.share_of_last("100 % of last 3") == (1.0, 3)


@pytest.mark.parametrize(
    "text", ["50%", "0% of the last 20", "101% of the last 20", "5% of the last 0", "0.5"]
)
def test_no_share_of_the_last(text: str) -> None:
    with pytest.raises(ValueError, match="like 50% of the last 20"):
        scalars.share_of_last(text)
