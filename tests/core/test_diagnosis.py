"""How an attempt ended, and what that means."""

from dataclasses import replace

import pytest

from supervisor.core.diagnosis import best_evidence, diagnose, how
from supervisor.core.models import Detection, End, ErrorClass, ResultsSeen, Stream, Verdict
from supervisor.core.phase import Ending
from supervisor.core.told import BadItem, Told

START = 1_000.0


def seen(
    error_class: ErrorClass,
    line: str = "it said so",
    *,
    from_end: int = 0,
    stream: Stream = "stderr",
    strong: bool = True,
    retry_at: float | None = None,
) -> Detection:
    return Detection(
        rule=f"test.{error_class}",
        error_class=error_class,
        line=line,
        stream=stream,
        strong=strong,
        written_at=START,
        retry_at=retry_at,
        from_end=from_end,
    )


def end(code: int | None, *detections: Detection, last_line: str = "bye") -> End:
    return End(code=code, ended_at=START + 600, detections=detections, last_line=last_line)


def verdict(end: End, *, ending: Ending | None = None, started_at: float = START) -> Verdict:
    return diagnose(end, success_exit=(0,), ending=ending, started_at=started_at)


def test_the_exit_code_decides_about_success() -> None:
    """Words alone make no failure."""
    assert verdict(end(0, seen(ErrorClass.AUTH))) == Verdict(error_class=None)
    odd = diagnose(end(3), success_exit=(0, 3), ending=None, started_at=START)
    assert odd.error_class is None


def test_a_preset_class_is_believed() -> None:
    """The backend knows that it was lost, or never began."""
    lost = replace(end(None), preset=ErrorClass.LOST, cause="the machine went down")
    assert verdict(lost).error_class is ErrorClass.LOST
    assert verdict(lost).cause == "the machine went down"
    silent = replace(end(None, last_line=""), preset=ErrorClass.LOST)
    assert verdict(silent).cause == "ended, nobody knows how, and wrote nothing"


def test_an_end_that_was_asked_for_means_what_it_was_asked_for() -> None:
    """Even with exit 0; the stated time of its class still counts."""
    window = seen(ErrorClass.USAGE_WINDOW, retry_at=5000.0)
    ending = Ending(error_class=ErrorClass.USAGE_WINDOW, cause="window", since=START, then="hold")
    found = verdict(end(143, window), ending=ending)
    assert found.error_class is ErrorClass.USAGE_WINDOW
    assert (found.cause, found.retry_at) == ("window", 5000.0)
    assert found.rule == "test.usage_window"
    timeout = replace(ending, error_class=ErrorClass.TIMEOUT, cause="ran 2 h")
    stopped = verdict(end(0, window), ending=timeout)
    assert stopped.error_class is ErrorClass.TIMEOUT
    assert (stopped.rule, stopped.retry_at) == (None, None)


def test_the_kernel_killed_it() -> None:
    """A flag of the cgroup is proof; a line makes it better."""
    found = verdict(replace(end(137), oom_killed=True))
    assert found.error_class is ErrorClass.HOST_OOM
    assert "the kernel killed it" in found.cause
    line = seen(ErrorClass.HOST_OOM, "Out of memory: Killed process 7")
    said = verdict(replace(end(137, line), oom_killed=True))
    assert said.cause == "memory ran out: Out of memory: Killed process 7"
    assert said.rule == "test.host_oom"


@pytest.mark.parametrize(
    ("code", "words"), [(127, "command not found"), (126, "cannot be executed")]
)
def test_what_cannot_start_is_broken(code: int, words: str) -> None:
    """Exit 126 and 127, whatever else was printed."""
    found = verdict(end(code, seen(ErrorClass.NETWORK), last_line="sh: 1: evla: not found"))
    assert found.error_class is ErrorClass.BROKEN
    assert words in found.cause
    assert "evla" in found.cause
    assert verdict(end(code, last_line="")).cause.endswith(f"(exit {code})")


def test_nothing_explains_it() -> None:
    """Unknown, with how it ended and its last line."""
    found = verdict(end(1, last_line="KeyError: 'answer'"))
    assert found == Verdict(error_class=ErrorClass.UNKNOWN, cause="exit 1: KeyError: 'answer'")
    killed = verdict(end(137))
    assert killed.error_class is ErrorClass.UNKNOWN
    assert killed.cause == "signal 9 (SIGKILL) or exit 137: bye"


def items(*kinds: str, errors: int = 0) -> Told:
    failed = tuple(
        BadItem(id=f"q{place}", error_class=kind, text="it broke")
        for place, kind in enumerate(kinds)
    )
    return Told(errors=errors or len(failed), failed=failed)


def test_items_that_failed_explain_what_nothing_else_does() -> None:
    found = verdict(replace(end(1), told=items("timeout", "server_error")))
    assert (found.error_class, found.cause) == (
        ErrorClass.UNKNOWN,
        "2 items failed (exit 1), such as q1: server_error: it broke",
    )
    assert verdict(replace(end(1), told=Told(errors=1))).cause == "1 item failed (exit 1)"
    assert verdict(replace(end(0), told=items("timeout"))).error_class is None
    assert verdict(replace(end(1), told=Told())).cause == "exit 1: bye"
    proved = replace(end(1, seen(ErrorClass.AUTH)), told=items("timeout"))
    assert verdict(proved).error_class is ErrorClass.AUTH


def test_only_where_all_were_refused_for_good_the_task_is() -> None:
    refused = items("content_policy", "content_policy")
    assert verdict(replace(end(1), told=refused)).error_class is ErrorClass.CONTENT_POLICY
    for others in (items("content_policy", "timeout"), items("content_policy", errors=2)):
        assert verdict(replace(end(1), told=others)).error_class is ErrorClass.UNKNOWN


def test_how_an_exit_code_is_said() -> None:
    """Above 128 it may be a signal."""
    assert how(None) == "ended, nobody knows how"
    assert how(2) == "exit 2"
    assert how(139) == "signal 11 (SIGSEGV) or exit 139"
    assert how(-15) == "signal 15 (SIGTERM) or exit 143"
    assert how(255) == "exit 255"


def test_the_proof_is_cited() -> None:
    """One line that a tired person understands, with the stated time."""
    line = "openai.AuthenticationError: Error code: 401"
    found = verdict(end(1, seen(ErrorClass.AUTH, line)))
    assert found.error_class is ErrorClass.AUTH
    assert found.cause == f"login refused or expired: {line}"
    assert found.rule == "test.auth"
    unknown = verdict(end(1, seen(ErrorClass.UNKNOWN, "KeyError: 'x'")))
    assert unknown.cause == "KeyError: 'x'"
    long = verdict(end(1, seen(ErrorClass.AUTH, "x " * 400)))
    assert len(long.cause) == 300


def test_a_time_stated_earlier_still_counts() -> None:
    """The last line of a storm may not repeat it."""
    found = verdict(
        end(
            1,
            seen(ErrorClass.RATE_LIMIT, retry_at=2000.0, from_end=9),
            seen(ErrorClass.RATE_LIMIT, retry_at=3000.0, from_end=5),
            seen(ErrorClass.RATE_LIMIT),
        )
    )
    assert found.retry_at == 3000.0


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (seen(ErrorClass.AUTH, from_end=2), seen(ErrorClass.NETWORK, from_end=300)),
        (seen(ErrorClass.AUTH, from_end=20), seen(ErrorClass.NETWORK, stream="stdout")),
        (seen(ErrorClass.AUTH, from_end=9), seen(ErrorClass.NETWORK, strong=False)),
        (seen(ErrorClass.AUTH, "a.B: no", from_end=20), seen(ErrorClass.NETWORK, from_end=9)),
        (seen(ErrorClass.AUTH, from_end=1), seen(ErrorClass.NETWORK, from_end=2)),
        (
            seen(ErrorClass.CUDA_ERROR, "RuntimeError: CUDA error", from_end=100),
            seen(ErrorClass.UNKNOWN, "TaskError: no result", strong=False),
        ),
        (
            seen(ErrorClass.UNKNOWN, "KeyError: 'x'", strong=False),
            seen(ErrorClass.RATE_LIMIT, "INFO HTTP 429", strong=False, from_end=90),
        ),
    ],
)
def test_what_weighs_more(better: Detection, worse: Detection) -> None:
    """Strength, stream, nearness to the end, and the form of an exception."""
    assert best_evidence(end(1, better, worse), ran_s=600) is better
    assert best_evidence(end(1, worse, better), ran_s=600) is better


def test_weak_evidence_far_from_the_end_explains_nothing() -> None:
    """A retry an hour before the end is history."""
    old = seen(ErrorClass.NETWORK, strong=False, from_end=5000)
    assert best_evidence(end(1, old), ran_s=3600) is None
    assert verdict(end(1, old)).error_class is ErrorClass.UNKNOWN


def test_broken_only_as_last_words() -> None:
    """What an agent's own scripts miss does not make the command broken."""
    line = "ModuleNotFoundError: No module named 'x'"
    last = seen(ErrorClass.BROKEN, line, from_end=1)
    assert verdict(end(1, last)).error_class is ErrorClass.BROKEN
    assert verdict(end(1, replace(last, from_end=90))).error_class is ErrorClass.UNKNOWN
    aside = replace(last, stream="stdout")
    assert verdict(end(1, aside)).error_class is ErrorClass.UNKNOWN
    at_once = verdict(end(1, aside), started_at=START + 590)
    assert at_once.error_class is ErrorClass.BROKEN


def test_exit_137_makes_memory_likelier() -> None:
    """Of two lines the one that fits the signal explains it."""
    memory = seen(ErrorClass.HOST_OOM, "Killed", strong=False, from_end=2)
    network = seen(ErrorClass.NETWORK, "connection reset", strong=False)
    assert verdict(end(137, memory, network)).error_class is ErrorClass.HOST_OOM
    assert verdict(end(1, memory, network)).error_class is ErrorClass.NETWORK


def last_word(**fields: object) -> Detection:
    detection = seen(ErrorClass.AUTH, "openai.AuthenticationError: Error code: 401")
    return replace(detection, **{"form": "exception", "place": "traceback", **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "failed"),
    [
        ({}, True),
        ({"stream": "stdout", "from_end": 5}, True),
        ({"place": "cause", "from_end": 8}, True),
        ({"from_end": 9}, False),
        ({"strong": False}, False),
        ({"place": "line"}, True),
        ({"place": "line", "form": "error", "from_end": 2}, True),
        ({"place": "line", "from_end": 3}, False),
        ({"place": "line", "form": "plain"}, False),
        ({"place": "line", "stream": "stdout"}, False),
        ({"place": "line", "form": "structured", "stream": "stdout"}, True),
        ({"place": "line", "form": "structured", "stream": "stdout", "from_end": 3}, False),
        ({"stream": "file"}, False),
        ({"stream": "file", "form": "structured", "place": "line"}, False),
        ({"stream": "file", "form": "error", "place": "result"}, True),
        ({"stream": "file", "place": "result", "error_class": ErrorClass.BROKEN}, False),
        ({"stream": "file", "place": "result", "strong": False}, False),
        ({"tied": False}, False),
    ],
)
def test_exit_0_proves_nothing_where_a_strong_error_was_the_last_word(
    fields: dict[str, object], failed: bool
) -> None:
    found = verdict(end(0, last_word(**fields)))
    assert found.error_class is (ErrorClass.AUTH if failed else None)
    if failed:
        assert "(exit 0, but it ended in an error)" in found.cause


def with_results(one: End, **fields: object) -> End:
    return replace(one, results=ResultsSeen(**fields))  # type: ignore[arg-type]


def test_results_and_signs_of_success_decide_first() -> None:
    """What they prove good is a success, however much was written about errors."""
    good = with_results(end(0, last_word()), status="success")
    assert verdict(good).error_class is None
    assert verdict(with_results(end(0, last_word()), proved=True)).error_class is None
    assert verdict(with_results(end(1), status="success")).error_class is ErrorClass.UNKNOWN


def test_what_results_prove_bad_is_a_failure_with_the_class_of_its_error() -> None:
    error = replace(last_word(stream="file", place="line"), path="r.eval")
    bad = verdict(with_results(end(0, error), status="error", path="r.eval"))
    assert bad.error_class is ErrorClass.AUTH
    assert bad.cause.endswith("(its results say error)")
    nothing = verdict(with_results(end(0), status="error", error="first\nValueError: odd\n\n"))
    assert nothing.error_class is ErrorClass.UNKNOWN
    assert nothing.cause == "its results say error: ValueError: odd"
    missing = verdict(with_results(end(0), missing_files=("out/a.json",)))
    assert missing.cause == "it ended, but wrote no out/a.json"


def test_results_that_say_nothing_leave_it_to_the_exit_code() -> None:
    assert verdict(with_results(end(0))).error_class is None
    assert verdict(with_results(end(0), trouble="not a zip file")).error_class is None
    assert verdict(with_results(end(0, last_word()))).error_class is ErrorClass.AUTH
