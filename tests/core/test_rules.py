"""Which rule explains a line, and how strongly."""

from supervisor.core.models import ErrorClass
from supervisor.core.rules import Rule, RuleBook, Where, shown

STATUS = Rule(
    id="http.429", error_class=ErrorClass.RATE_LIMIT, pattern=r"\b429\b", where="error", rank=1
)
LIMIT = Rule(id="api.limit", error_class=ErrorClass.RATE_LIMIT, pattern="too many requests")
EMPTY = Rule(id="api.empty", error_class=ErrorClass.QUOTA, pattern="no credit", rank=3)
SERVER = Rule(id="api.server", error_class=ErrorClass.SERVER_ERROR, pattern="too many")
HINT = Rule(id="hint.when", pattern="try again")
WORDS = Rule(
    id="api.words",
    error_class=ErrorClass.NETWORK,
    pattern="timed out",
    strength="weak",
    unless="watchdog",
)
BOOK = RuleBook([STATUS, LIMIT, EMPTY, SERVER, HINT, WORDS])


def explained(line: str) -> str | None:
    finding = BOOK.judge(line, BOOK.matching(line))
    return finding.rule.id if finding else None


def test_the_rule_of_the_highest_rank_explains() -> None:
    """An empty account is closer to the cause than its status."""
    assert explained("Error 429: too many requests, no credit") == "api.empty"
    assert explained("Error 429: too many requests") == "api.limit"
    assert explained("Error 429") == "http.429"


def test_between_equals_the_closer_class_explains() -> None:
    """A rate limit says more than a busy server."""
    assert explained("too many requests, try again") == "api.limit"
    assert explained("too many cooks, try again") == "api.server"
    assert explained("try again") == "hint.when"


def test_a_rule_for_errors_needs_a_line_that_looks_like_one() -> None:
    """Where the closest rule does not fit the line, another one may."""
    assert explained("429 of 500 done") is None
    assert explained("got 429, timed out") == "api.words"


def test_a_rule_says_in_which_lines_it_counts() -> None:
    """Of one stream, in a server's answer, at the end of a traceback."""
    places: dict[Where, str] = {
        "stderr": "the words",
        "structured": '{"error": "the words"}',
        "exception": "ValueError: the words",
    }
    for where, line in places.items():
        book = RuleBook([Rule(id="a.rule", pattern="the words", where=where)])
        assert book.judge(line, ["a.rule"], stream="stderr") is not None
        assert book.judge("just the words", ["a.rule"], stream="stdout") is None


def test_failures_are_explained_at_any_level_but_not_acted_upon() -> None:
    """What names the very cause needs a line that calls itself an error."""
    line = "INFO: gave up after TimeoutError, the words"
    for rank, explains in ((0, True), (2, True), (3, False)):
        rule = Rule(id="a.rule", pattern="the words", where="error", rank=rank)
        finding = RuleBook([rule]).judge(line, ["a.rule"])
        assert (finding is not None) is explains
        assert finding is None or not finding.strong


def test_code_is_seldom_alone() -> None:
    """A property between lines of a program is one; an exception is one wherever it stands."""
    line = "    message: 'too many requests'"
    code = ("", "      if (status === 429) {")
    assert BOOK.judge(line, ["api.limit"]) is not None
    assert BOOK.judge(line, ["api.limit"], beside=code) is None
    assert BOOK.judge("ApiError: too many requests", ["api.limit"], beside=code) is not None


def test_what_a_sentence_cites_proves_nothing() -> None:
    """Documentation puts messages between backticks; a command line tool puts advice there."""
    assert explained("the text `too many requests` appears") is None
    assert explained("it fails with `too many requests") is None
    assert explained("too many requests; run `tool login`") == "api.limit"
    assert explained("Error: `too many requests`") == "api.limit"


def test_a_string_that_is_handed_over_is_no_message() -> None:
    """Unless the line calls itself an error before it."""
    assert explained('busy("too many requests", late);') is None
    assert explained('wait(0, "no credit", late) returned') is None
    assert explained('ERROR wait(0, "no credit", late) returned') == "api.empty"


def test_unless_turns_a_rule_away() -> None:
    """The same words can mean something else."""
    assert explained("the call timed out") == "api.words"
    assert explained("the watchdog timed out") is None


def test_quotes_prove_nothing() -> None:
    """Code that speaks of errors is not an error."""
    assert explained("    raise Limited('too many requests')") is None
    assert explained("nothing of interest") is None


def test_strength() -> None:
    """Weak rules, chatter, and what may be cited explain, but do not act."""
    for line, strong in (
        ("ApiError: too many requests", True),
        ("INFO: too many requests", False),
        ("ApiError: timed out", False),
        ("no credit", True),
        ("  ⎿  no credit", True),
        ("too many requests", False),
        ("    no credit, error", False),
        ("    ApiError: too many requests", True),
    ):
        finding = BOOK.judge(line, BOOK.matching(line))
        assert finding is not None
        assert finding.strong is strong


def test_unknown_candidates_are_passed_over() -> None:
    """A scanner of other rules does no harm."""
    assert BOOK.judge("too many requests", ["other.rule"]) is None
    finding = BOOK.judge("too many requests", ["other.rule", "api.limit"])
    assert finding is not None


def test_of_a_long_line_the_part_around_the_match_counts() -> None:
    """A line of a transcript can be a megabyte."""
    line = "x " * 50_000 + "ApiError: too many requests" + " y" * 50_000
    finding = BOOK.judge(line, ["api.limit"])
    assert finding is not None
    assert "too many requests" in finding.excerpt
    assert len(finding.excerpt) <= 2000
    # What the scanner found in bytes need not be found in text again.
    assert BOOK.judge("é " * 5000, ["api.limit"]) is not None


def test_the_book_is_a_collection() -> None:
    """In the order of the packs."""
    assert len(BOOK) == 6
    assert next(rule.id for rule in BOOK) == "http.429"
    assert BOOK.get("api.empty") is EMPTY
    assert BOOK.get("none") is None


def test_what_is_shown_is_bounded() -> None:
    """500 characters, trimmed."""
    assert shown("  a line ") == "a line"
    assert len(shown("x" * 600)) == 500
    assert shown("x" * 600).endswith("…")


def test_a_slip_is_no_failure_of_others() -> None:
    """Exceptions about names and keys have all sorts of words in them."""
    assert explained("lab.LimitError: too many requests") == "api.limit"
    assert explained("KeyError: 'too many requests'") is None
    assert explained("FAILED tests/a.py::test_b - KeyError: 'too many requests'") is None


def test_mere_words_need_somebody_who_says_them() -> None:
    """A rule of rank 0 wants a sender or a label; those below the cause want no tale."""
    vague = Rule(
        id="any.net", error_class=ErrorClass.NETWORK, pattern="link broke", rank=0, strength="weak"
    )
    close = Rule(id="api.cause", error_class=ErrorClass.QUOTA, pattern="empty purse", rank=3)
    book = RuleBook([vague, close, LIMIT])

    def told(line: str) -> bool:
        return book.judge(line, book.matching(line)) is not None

    assert told("fetcher: the link broke")
    assert told("2026-01-02 03:04:05 the link broke")
    assert not told("the link broke")
    tale = "we made {} of it and nobody in our team ever found out who did that"
    assert not told(tale.format("too many requests"))
    assert told("somewhere too many requests were sent")
    assert told(
        "Nothing works any more at all with an empty purse in this part of town while it rains"
    )


def test_a_cause_stands_indented_below_its_title() -> None:
    """Rust's tools print it so; elsewhere what is indented may be cited."""
    line = "  Error: too many requests"
    below = BOOK.judge(line, ["api.limit"], beside=("Caused by:", ""))
    alone = BOOK.judge(line, ["api.limit"])
    assert below is not None
    assert below.strong
    assert alone is not None
    assert not alone.strong


def test_what_was_judged_lately_is_known() -> None:
    """Each time with its own words, and only for lines that mean the same."""
    book = RuleBook([STATUS, LIMIT])
    times = ("2026-02-12 03:04:11,182", "2026-02-12 03:05:00,001", "2026-02-12 03:05:00,001")
    for time in times:
        line = f"{time} ERROR too many requests"
        finding = book.judge(line, ["api.limit"])
        assert finding is not None
        assert (finding.rule, finding.excerpt, finding.strong) == (LIMIT, line, True)
    other = book.judge(f"{times[0]} INFO too many requests", ["api.limit"])
    assert other is not None
    assert not other.strong
    for number in range(5000):
        assert book.judge(f"ApiError: too many requests {number}", ["api.limit"]) is not None
