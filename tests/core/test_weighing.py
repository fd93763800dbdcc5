"""Every line that may explain an end gets its points, with the reasons for them."""

from dataclasses import replace

from supervisor.core.evidence import Detection, End, ResultsSeen
from supervisor.core.names import ErrorClass
from supervisor.core.weighing import best_evidence, explained, in_words

LINE = Detection(
    rule="test.rule",
    error_class=ErrorClass.SERVER_ERROR,
    line="it said so",
    stream="stderr",
    strong=True,
    written_at=1.0,
)


def end(*detections: Detection, code: int = 1) -> End:
    return End(code=code, ended_at=100.0, detections=detections)


def points(detection: Detection, *, code: int = 1, ran_s: float = 600.0) -> int:
    return explained(end(detection, code=code), ran_s=ran_s)[0].points


def test_the_stream_counts() -> None:
    on = {name: points(replace(LINE, stream=name)) for name in ("stderr", "file", "stdout")}
    assert on["stderr"] > on["file"] > on["stdout"]


def test_the_form_counts() -> None:
    assert points(replace(LINE, form="exception")) == points(LINE) + 2
    assert points(replace(LINE, form="structured")) == points(LINE) + 2
    assert points(replace(LINE, strong=False)) == points(LINE) - 3


def test_the_place_counts() -> None:
    nearer = [points(replace(LINE, from_end=lines)) for lines in (0, 10, 100, 1000, 10_000)]
    assert nearer == sorted(nearer, reverse=True)
    assert len(set(nearer)) == len(nearer)
    assert points(replace(LINE, place="traceback")) > points(replace(LINE, place="cause"))
    assert points(replace(LINE, place="cause")) > points(LINE)
    assert points(replace(LINE, place="result")) == points(LINE) + 2


def test_repetition_counts() -> None:
    assert points(replace(LINE, repeats=2)) == points(LINE)
    assert points(replace(LINE, repeats=3)) == points(LINE) + 1
    assert points(replace(LINE, repeats=30)) == points(LINE) + 2


def test_a_kill_speaks_for_memory() -> None:
    memory = replace(LINE, error_class=ErrorClass.HOST_OOM)
    assert points(memory, code=137) == points(memory) + 3
    assert points(LINE, code=137) == points(LINE)


def test_the_runners_own_results_speak_loudest() -> None:
    told = replace(LINE, stream="file", path="r.json")
    results = ResultsSeen(status="error", path="r.json")
    own, other = explained(replace(end(told, LINE), results=results), ran_s=600.0)
    assert own.detection == told
    assert own.points > other.points
    assert "+1 file r.json" in in_words(own)


def test_an_agents_missing_module_is_not_the_commands() -> None:
    broken = replace(LINE, error_class=ErrorClass.BROKEN)
    assert points(broken) > 0
    assert points(replace(broken, from_end=50)) == 0
    assert points(replace(broken, stream="stdout")) == 0
    assert points(replace(broken, stream="stdout"), ran_s=2.0) > 0


def test_what_may_be_another_tasks_explains_nothing() -> None:
    untied = end(replace(LINE, stream="file", tied=False))
    assert best_evidence(untied, ran_s=600.0) is None
    (one,) = explained(untied, ran_s=600.0)
    assert in_words(one) == "0 points: +0 may belong to another task"


def test_the_best_wins_and_the_rest_says_why_it_lost() -> None:
    worse = replace(LINE, stream="stdout")
    weak = replace(LINE, stream="stdout", strong=False, from_end=1000)
    further = replace(LINE, from_end=1)
    all_of_them = end(weak, worse, further, LINE)
    found = explained(all_of_them, ran_s=600.0)
    assert [one.won for one in found] == [True, False, False, False]
    assert found[0].detection == best_evidence(all_of_them, ran_s=600.0) == LINE
    assert [one.outcome for one in found] == [
        "explains it",
        "as good, but further from the end",
        "lost by 2",
        "too weak: 1 of 4 points",
    ]
    assert in_words(found[0]) == "9 points: +4 strong rule, +2 stderr, +3 its last words"


def test_nothing_wins_where_all_is_weak() -> None:
    weak = replace(LINE, stream="stdout", strong=False, from_end=1000)
    assert not explained(end(weak), ran_s=1.0)[0].won
    assert best_evidence(end(weak), ran_s=1.0) is None
    assert explained(end(), ran_s=1.0) == ()


def test_a_broken_pool_explains_nothing_where_a_file_says_why() -> None:
    pool = replace(LINE, error_class=ErrorClass.POOL_CRASH, form="exception", place="traceback")
    window = replace(
        LINE, error_class=ErrorClass.USAGE_WINDOW, stream="file", path="/r/.failed/result.json"
    )
    assert best_evidence(end(pool, window), ran_s=1.0) == window
    told = next(one for one in explained(end(pool, window), ran_s=1.0) if one.detection == pool)
    assert in_words(told).endswith(
        "it says only that a worker died, /r/.failed/result.json says of what"
    )
    early = replace(window, from_end=31)
    for other in (replace(window, tied=False), replace(window, strong=False), early, LINE):
        assert best_evidence(end(pool, other), ran_s=1.0) == pool
    same = replace(pool, stream="file", place="line", path="/r/w.log")
    assert best_evidence(end(pool, same), ran_s=1.0) == pool
    gpu = replace(LINE, error_class=ErrorClass.CUDA_ERROR, place="traceback", form="exception")
    assert best_evidence(end(gpu, window), ran_s=1.0) == gpu
