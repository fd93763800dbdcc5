"""The last lines of a stream are read as one when it has ended."""

from collections.abc import Sequence
from datetime import UTC, tzinfo

from supervisor.core.final import KEPT_BYTES, Tail, reading, unplaced
from supervisor.core.findings import Findings
from supervisor.core.names import ErrorClass
from supervisor.core.rules import Rule, RuleBook
from tests.core.test_boxes import rich

RULES = RuleBook(
    [
        Rule(
            id="api.limit", error_class=ErrorClass.RATE_LIMIT, pattern="slow down|Error code: 429"
        ),
        Rule(
            id="api.quota",
            error_class=ErrorClass.QUOTA,
            rank=3,
            pattern="gone beyond your allowance",
        ),
        Rule(id="net.down", error_class=ErrorClass.NETWORK, pattern="ConnectError"),
    ]
)


def found(block: bytes) -> list[tuple[int, Sequence[str]]]:
    lines = block.decode().split("\n")[:-1]
    return [(number, names) for number, line in enumerate(lines) if (names := RULES.matching(line))]


def utc(_name: str) -> tzinfo:
    return UTC


class Stream:
    """What a judge of a stream does, without its other duties."""

    def __init__(self, text: str) -> None:
        self.tail = Tail()
        self.findings = Findings("stdout", RULES, utc)
        block = text.encode()
        self.lines = block.count(b"\n")
        for number, names in found(block):
            self.findings.take(number, text.split("\n")[number], names, 10.0 + number)
        self.tail.add(block)
        self.read = reading(
            self.findings.detections(self.lines),
            self.tail,
            lines=self.lines,
            written_at=99.0,
            found=found,
            fresh=lambda: Findings("stdout", RULES, utc),
        )


MESSAGE = "RateLimitError: Error code: 429 - You have by now and for this month gone beyond your allowance"


def test_a_wrapped_message_is_one_line_again() -> None:
    """Only the whole line tells that the account is empty."""
    (one,) = Stream(f"start\n{rich(MESSAGE)}\nLog: x\n").read.detections
    assert (one.error_class, one.line, one.place) == (ErrorClass.QUOTA, MESSAGE, "traceback")
    assert (one.from_end, one.form, one.stream) == (1, "exception", "stdout")
    assert one.written_at == 15.0


def test_what_led_to_it_is_told_from_what_ended_it() -> None:
    text = (
        "Traceback (most recent call last):\n  File x\nValueError: slow down\nlater\n\n\n\n\n"
        "Traceback (most recent call last):\n  File x\nhttpx.ConnectError: no\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        "Traceback (most recent call last):\n  File x\n\n"
        "openai.RateLimitError: slow down\n"
    )
    places = [(one.rule, one.place) for one in Stream(text).read.detections]
    assert places == [("api.limit", "line"), ("net.down", "cause"), ("api.limit", "traceback")]


def test_without_a_traceback_lines_keep_their_place() -> None:
    detections = Stream(
        'Error: slow down\n{"is_error": true, "result": "slow down"}\n'
    ).read.detections
    assert [(one.form, one.place) for one in detections] == [
        ("error", "line"),
        ("structured", "line"),
    ]
    assert unplaced(detections[1]).form == "plain"


def test_a_stated_wait_of_a_joined_line_is_known() -> None:
    text = rich(f"{MESSAGE}; try again in 90s, slow down")
    read = Stream(f"{text}\n").read
    assert read.joined is not None
    (one,) = read.detections
    assert read.joined.wait_s(unplaced(one)) == 90


def test_only_the_end_is_remembered() -> None:
    tail = Tail()
    for number in range(5000):
        tail.add(b"line %d of many\n" % number)
    assert KEPT_BYTES <= len(tail.text()) < KEPT_BYTES + 100
    assert tail.text().endswith("line 4999 of many\n")
    tail.add(b"x\n" * KEPT_BYTES)
    assert tail.text() == "x\n" * (KEPT_BYTES // 2)
    tail.add(b"y" * 2 * KEPT_BYTES + b"\n")
    tail.add(b"z\n")
    assert tail.text() == "z\n"


def test_a_wrapped_line_that_no_rule_knows_is_passed_over() -> None:
    assert (
        Stream(
            f"{rich('ValueError: ' + 'nothing that anybody has ever heard of ' * 4)}\n"
        ).read.detections
        == ()
    )


def test_wrapped_prose_is_passed_over() -> None:
    text = rich("when you slow down, the server will respond with an answer " * 3)
    assert Stream(f"{text}\n").read.detections == ()
