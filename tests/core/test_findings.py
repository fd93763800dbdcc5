"""What the lines of a stream prove together."""

from datetime import UTC, tzinfo

from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.findings import KEPT, Findings
from supervisor.core.models import ErrorClass
from supervisor.core.rules import Rule, RuleBook

RULES = RuleBook(
    [
        Rule(id="http.429", error_class=ErrorClass.RATE_LIMIT, pattern=r"HTTP 429", rank=1),
        Rule(id="api.limit", error_class=ErrorClass.RATE_LIMIT, pattern="slow down"),
        Rule(id="api.empty", error_class=ErrorClass.QUOTA, pattern="no credit", rank=3),
        Rule(id="net.reset", error_class=ErrorClass.NETWORK, pattern="reset by peer"),
        *(
            Rule(id=f"many.n{n}", error_class=ErrorClass.NETWORK, pattern=f"fault{n}x")
            for n in range(80)
        ),
        Rule(id="any.exception", error_class=ErrorClass.UNKNOWN, pattern="Fault: ", rank=1),
        Rule(id="hint.header", pattern="retry-after", rank=3),
        Rule(id="hint.words", pattern="try again"),
    ]
)
NOW = 1_770_000_000.0


def utc(name: str) -> tzinfo | None:
    return None if name else UTC


def taken(*lines: str) -> Findings:
    findings = Findings("stderr", RULES, utc)
    for number, line in enumerate(lines):
        findings.take(number, line, RULES.matching(line), NOW)
    return findings


def test_a_detection_carries_its_proof() -> None:
    """The line, redacted; when it was written; how far it is from the end."""
    findings = Findings("stdout", RULES, utc)
    detection = findings.take(3, "Error: slow down, token=abcdef", ["api.limit"], NOW)
    assert detection is not None
    assert detection.rule == "api.limit"
    assert detection.stream == "stdout"
    assert detection.line == "Error: slow down, token=[redacted]"
    assert detection.written_at == NOW
    assert detection.retry_at is None
    (ended,) = findings.detections(10)
    assert ended.from_end == 6


def test_nothing_is_learnt_from_other_lines() -> None:
    """A line that proves nothing leaves no trace."""
    assert taken("all is well", "try again later").detections(2) == ()


def test_a_time_in_the_line_itself() -> None:
    """A span leaves a rate limit what it is; a time of day makes it a window."""
    (span,) = taken("Error: slow down, try again in 90s").detections(1)
    assert (span.error_class, span.retry_at) == (ErrorClass.RATE_LIMIT, NOW + 90)
    (clock,) = taken("Error: slow down, resets 11pm").detections(1)
    assert clock.error_class is ErrorClass.USAGE_WINDOW


def test_an_account_that_fills_up_again_was_not_empty() -> None:
    """A stated time turns quota into a limit."""
    (quota,) = taken("Error: no credit").detections(1)
    assert quota.error_class is ErrorClass.QUOTA
    (limit,) = taken("Error: no credit, retry in 30s").detections(1)
    assert limit.error_class is ErrorClass.RATE_LIMIT


def test_a_client_that_tries_again_fills_no_account() -> None:
    """When it does so is its own affair, said in the line itself or on one nearby."""
    for lines in (
        ["Error: no credit, retrying in 0.5s: try again"],
        ["Error: no credit", "Retrying in 0.5s, try again"],
        ["Retrying in 0.5s, try again", "Error: no credit"],
    ):
        (quota,) = taken(*lines).detections(2)
        assert (quota.error_class, quota.retry_at) == (ErrorClass.QUOTA, None)


def test_a_time_on_a_line_nearby() -> None:
    """Before or after the error, at most 8 lines away."""
    for lines in (
        ["Error: slow down", "x", "retry-after: 30"],
        ["retry-after: 30", "x", "Error: slow down"],
    ):
        findings = taken(*lines)
        (detection,) = findings.detections(3)
        assert detection.retry_at == NOW + 30
        assert findings.wait_s(detection) == 30
    far = taken("Error: slow down", *["x"] * 9, "retry-after: 30")
    assert far.detections(11)[0].retry_at is None
    assert far.wait_s(far.detections(11)[0]) is None


def test_a_header_outranks_words() -> None:
    """But what the line itself says outranks everything."""
    words_first = taken("Error: slow down", "try again in 5s", "retry-after: 30", "try again in 9s")
    assert words_first.detections(4)[0].retry_at == NOW + 30
    itself = taken("Error: slow down for now, retry in 7s", "retry-after: 30")
    assert itself.detections(2)[0].retry_at == NOW + 7
    before = taken("retry-after: 30", "try again in 5s", "Error: slow down")
    assert before.detections(3)[0].retry_at == NOW + 30


def test_a_time_means_nothing_to_a_dropped_connection() -> None:
    """Only limits and busy servers say when to come back."""
    findings = taken("Error: reset by peer", "try again in 60s")
    assert findings.detections(2)[0].retry_at is None


def test_the_line_that_names_the_cause_stands_for_its_neighbours() -> None:
    """Status first or cause first: of three lines together the cause stays."""
    for lines in (
        ["Error: HTTP 429", "x", "Error: no credit"],
        ["Error: no credit", "Error: HTTP 429"],
    ):
        assert [d.rule for d in taken(*lines).detections(4)] == ["api.empty"]
    apart = taken("Error: HTTP 429", "x", "x", "x", "Error: no credit")
    assert [d.rule for d in apart.detections(5)] == ["http.429", "api.empty"]


def test_a_named_cause_stands_for_the_unnamed_one_before_it() -> None:
    """The exception says only that something failed, the answer's body under it what."""
    body = taken("ApiFault: {", '  "error": {', '    "message": "slow down"', "  }")
    assert [d.rule for d in body.detections(4)] == ["api.limit"]
    after = taken("Error: slow down", "ApiFault: gave up")
    assert [d.rule for d in after.detections(2)] == ["api.limit", "any.exception"]
    far = taken("ApiFault: {", *["x"] * 9, "Error: slow down")
    assert [d.rule for d in far.detections(11)] == ["any.exception", "api.limit"]


def test_memory_is_bounded() -> None:
    """A storm of one rule hides neither its own beginning nor other rules."""
    storm = taken("Error: no credit", "x", "x", "x", *["Error: slow down"] * 500)
    rules = [d.rule for d in storm.detections(504)]
    assert rules.count("api.limit") == 6
    assert rules[0] == "api.empty"
    assert storm.detections(504)[1].from_end == 499
    many = taken(*(f"Error: fault{n}x" for n in range(80)))
    assert len(many.detections(80)) == KEPT


@given(
    st.lists(
        st.tuples(
            st.sampled_from((1, 2, 5, 9)),
            st.sampled_from(
                ("HTTP 429", "slow down", "slow down, try again in 90s", "no credit", "Fault: x",
                 "reset by peer", "retry-after: 30", "try again at 5pm", "fault1x", "all is well")
            ),
        ),
        max_size=60,
    )
)  # fmt: skip
def test_late_work_proves_the_same(lines: list[tuple[int, str]]) -> None:
    """Whether each line is asked about at once, or only what is left in the end."""
    asked, left = (Findings("stderr", RULES, utc) for _ in range(2))
    number = 0
    for apart, line in lines:
        number += apart
        finding = RULES.judge(line, RULES.matching(line))
        if finding is not None:
            asked.learn(number, finding, NOW + number)
            left.note(number, finding, NOW + number)
    found = asked.detections(number + 1)
    assert left.detections(number + 1) == found
    assert [left.wait_s(one) for one in found] == [asked.wait_s(one) for one in found]
