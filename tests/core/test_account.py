import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.core.account import _PROGRESS, Account
from supervisor.core.told import KEPT, BadItem, Wait
from supervisor.kit.marks import Marks

NOW = 1_000_000.0


def taken(*lines: str | dict[str, object]) -> Account:
    account = Account()
    account.take([one if isinstance(one, str) else json.dumps(one) for one in lines], NOW)
    return account


def test_who_says_nothing_has_told_nothing() -> None:
    assert taken().told() is None
    assert taken("", "  ").told() is None


def test_the_last_word_counts() -> None:
    account = taken(
        {"done": 1, "total": 9, "item": "a"},
        {"done": 2},
        {"item": "b", "tokens_in": 5},
        {"tokens_in": 7, "tokens_out": 1, "requests": 2, "cost": 0.5},
    )
    told = account.told()
    assert account.counter == (2, 9)
    assert told is not None
    assert (told.item, told.tokens_in, told.tokens_out, told.requests, told.cost) == (
        "b",
        7,
        1,
        2,
        0.5,
    )
    assert told.done is None
    assert account.marks == 4


def test_without_a_total_the_count_alone_is_told() -> None:
    account = taken({"done": 5})
    told = account.told()
    assert account.counter is None
    assert told is not None
    assert told.done == 5


def test_a_new_total_below_what_is_done_is_no_counter() -> None:
    assert taken({"done": 5}, {"total": 3}).counter is None
    assert taken({"done": 5, "total": 9}, {"done": 0, "total": 0}).counter is None


def test_failed_items_stay_until_they_are_well() -> None:
    account = taken(
        {"failed": "a", "class": "server_error", "error": "HTTP 500"},
        {"failed": "b", "class": "nonsense", "error": "x"},
        {"failed": "c", "class": "aborted", "error": "[ABORTED: 5 consecutive failures]"},
        {"ok": "b"},
        {"ok": "never heard of"},
    )
    told = account.told()
    assert told is not None
    assert told.errors == 2
    assert told.failed == (
        BadItem(id="a", error_class="server_error", text="HTTP 500"),
        BadItem(id="c", error_class="aborted", text="[ABORTED: 5 consecutive failures]"),
    )


def test_an_unknown_class_is_unknown() -> None:
    told = taken({"failed": "b", "class": "nonsense"}).told()
    assert told is not None
    assert told.failed[0].error_class == "unknown"


def test_of_very_many_failures_the_last_are_kept() -> None:
    told = taken(*({"failed": f"q{n}"} for n in range(2_050))).told()
    assert told is not None
    assert len(told.failed) == KEPT
    assert told.errors == 2_000
    again = taken(*({"failed": f"q{n}"} for n in range(50)), {"done": 0, "errors": 70}).told()
    assert again is not None
    assert again.errors == 70


def test_a_wait_ends_by_word_by_progress_or_by_getting_on() -> None:
    waiting: dict[str, object] = {
        "waiting": "resets 4pm",
        "until": NOW + 60,
        "class": "usage_window",
    }

    def wait(*more: dict[str, object]) -> Wait | None:
        told = taken({"done": 1}, waiting, *more).told()
        assert told is not None
        return told.wait

    assert wait() == Wait(until=NOW + 60, why="resets 4pm", error_class="usage_window", at=NOW)
    assert wait({"done": 1}) is not None
    assert wait({"done": 2}) is None
    assert wait({"waiting": None}) is None
    assert wait({"waiting": "x", "until": NOW - 1}) is None
    assert wait({"waiting": "x", "until": NOW + 1e9}) is None
    last = wait({"waiting": "x", "until": NOW + 5, "class": "odd"})
    assert last is not None
    assert last.error_class == "", "nobody stated it"
    unsure = Account()
    unsure.take([json.dumps(waiting)], NOW, sure=False)
    said = unsure.told()
    assert said is not None
    assert said.wait == Wait(until=NOW + 60, why="resets 4pm", at=NOW)


def test_text_is_untrusted() -> None:
    told = taken(
        {
            "failed": "\x1b[31mq\n1\x1b[0m",
            "error": "api_key=sk-ant-REDACTED" + "e" * 900,
        },
        {"item": "\x1b]0;title\x07[b]x"},
        {"waiting": "\x1b[2J", "until": NOW + 9},
    ).told()
    assert told is not None
    assert told.failed[0].id == "q 1"
    assert "sk-ant-REDACTED" not in told.failed[0].text
    assert len(told.failed[0].text) <= 300
    assert told.item == "[b]x"
    assert told.wait is not None
    assert told.wait.why == ""


def test_malformed_marks_are_counted_and_change_nothing() -> None:
    account = taken({"done": 1, "total": 2}, "nonsense", '{"done": 5, "total": 2}')
    told = account.told()
    assert account.counter == (1, 2)
    assert told is not None
    assert told.malformed == 2
    only = taken("nonsense").told()
    assert only is not None
    assert only.malformed == 1


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.dictionaries(
                st.sampled_from(
                    [
                        "done",
                        "total",
                        "errors",
                        "item",
                        "failed",
                        "ok",
                        "waiting",
                        "until",
                        "class",
                        "error",
                        "tokens_in",
                        "cost",
                    ]
                ),
                st.one_of(
                    st.none(), st.integers(), st.floats(), st.text(max_size=10), st.booleans()
                ),
            ).map(json.dumps),
        ),
        max_size=12,
    )
)
def test_nothing_that_is_written_can_break_it(lines: list[str]) -> None:
    account = Account()
    account.take(lines, NOW)
    told = account.told()
    if told is not None:
        assert "\n" not in told.item
        assert account.counter is None or 0 <= account.counter[0] <= account.counter[1]


def test_of_many_counters_in_a_row_the_last_says_all() -> None:
    lines = [f'{{"done":{n},"errors":0,"total":9,"item":"q{n}"}}' for n in range(9)]
    account = taken(*lines, {"failed": "q3"}, *lines[:2])
    told = account.told()
    assert told is not None
    assert (account.marks, account.counter, told.item, told.errors) == (12, (1, 9), "q1", 1)
    assert taken(*lines, '{"done":10,"errors":0,"total":9,"item":"q"}').malformed == 1


def test_what_the_kit_writes_is_passed_over_quickly(tmp_path: Path) -> None:
    """Both ends know one form; whoever changes it changes both."""
    marks = Marks({"OVERNIGHT_MARKS": str(tmp_path / "marks")})
    marks.progress(1, 9, failed=2, item="q 1")
    marks.close()
    assert _PROGRESS.fullmatch((tmp_path / "marks").read_text().rstrip("\n"))
