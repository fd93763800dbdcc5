"""The morning report opens with what matters."""

from dataclasses import replace

from supervisor.core.batch import Checking, Limit, Probing, Rows
from supervisor.core.pauses import Pause
from supervisor.core.phase import Aborted
from supervisor.core.report import report
from supervisor.core.state import Batch, all_rows, assemble, spec_of
from tests.batches import START, STATE_DIR, TRAPI, bad_night, ended, with_items

NOW = START + 3600


def told(batch: Batch) -> str:
    return report(batch, STATE_DIR, NOW)


def section(text: str, name: str) -> list[str]:
    return text.split(f"## {name}\n\n")[1].split("\n\n")[0].splitlines()


def test_it_opens_with_done_of_all_and_goes_on_with_what_hurts() -> None:
    text = told(bad_night())
    assert text.startswith(
        "# night: 1/8 done\n\n"
        "2 failed, 1 aborted, 1 cancelled, 3 unfinished."
        " From Feb 02 02:40 UTC to Feb 02 03:40 UTC (1h).\n"
        "1 task succeeded after 1 attempt that did not.\n\n"
        "## What needs you\n\n- **"
    )
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "## What needs you",
        "## What went wrong",
        "## What limits cost",
        "## When limits held",
        "## Groups",
        "## Failed tasks",
    ]
    assert text.endswith("|\n")


def test_causes_have_their_first_and_last_time() -> None:
    assert section(told(bad_night()), "What went wrong")[2:] == [
        "| auth | 1 | 3 | Feb 02 02:41 UTC | Feb 02 02:43 UTC |",
        "| broken | 1 | 1 | Feb 02 02:41 UTC | Feb 02 02:41 UTC |",
        "| network | 0 | 1 | Feb 02 02:41 UTC | Feb 02 02:41 UTC |",
    ]


def test_limits_have_their_price_the_present_wait_included() -> None:
    assert section(told(bad_night()), "What limits cost")[2:] == [
        "| trapi | 3 | 1h5m | 0.9 | held until Feb 02 04:40 UTC: resets 4am |"
    ]


def test_each_pause_has_its_time_and_its_price() -> None:
    batch = bad_night()
    limit = batch.limits[TRAPI]
    pauses = tuple(
        Pause(
            number=number,
            since=START + 60 * number,
            ended_at=START + 60 * number + 30,
            total_s=3600 * number,
            reason="resets 3am",
        )
        for number in (1, 2)
    )
    rows = replace(all_rows(batch), limits={TRAPI: replace(limit, pauses=pauses)})
    text = told(assemble(spec_of(batch), rows))
    first, second, third = section(text, "When limits held")[2:]
    assert first == ("| Feb 02 02:41 UTC | Feb 02 02:41 UTC | trapi | 30s | 1.0 | resets 3am |")
    assert second.startswith("| Feb 02 02:42 UTC | Feb 02 02:42 UTC | trapi | 30s | 1.0 |")
    assert third.startswith("| Feb 02 02:45 UTC | still | trapi | 55m |")
    (alone,) = section(told(batch), "When limits held")[2:]
    assert alone == "| Feb 02 02:45 UTC | still | trapi | 55m |  | resets 4am |"


def test_items_and_what_was_used_are_told() -> None:
    text = told(with_items(bad_night(), cost=1.5))
    assert section(text, "Failed items inside tasks")[2:] == [
        "| scicode/expired | q1 | timeout | late |"
    ]
    assert "… and 1 more: `overnight why TASK`" in text
    assert section(text, "What runners say they used")[2:] == ["| scicode | $1.50 |"]


def test_groups_are_a_table() -> None:
    header, _, scicode, corebench = section(told(bad_night()), "Groups")
    assert header == (
        "| group | state | done | failed | aborted | cancelled | unfinished | median time |"
    )
    assert scicode.startswith("| scicode | ")
    assert scicode.endswith(" | 1/4 | 1 | 0 | 0 | 2 | 10s |")
    assert corebench.endswith(" | 0/4 | 1 | 1 | 1 | 1 |  |")


def test_failed_tasks_have_cause_and_log_and_no_secret() -> None:
    text = told(bad_night())
    rows = section(text, "Failed tasks")[2:]
    assert len(rows) == 3
    assert rows[0].startswith("| scicode/expired | auth | 2 | Feb 02 02:43 UTC | login expired: ")
    assert "401 \\| api_key=[redacted]" in rows[0]
    assert rows[0].endswith("/tasks/scicode/expired/attempt-2/stderr.log |")
    assert rows[2].endswith("| aborted: 5 in a row |  |")
    assert "sk-live" not in text


def test_a_good_night_is_short() -> None:
    text = told(ended())
    assert text.startswith("# night: 1/1 done\n\nall well. From")
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## Groups"]


def test_times_are_written_as_asked() -> None:
    assert "From then to then" in report(bad_night(), STATE_DIR, NOW, lambda _: "then")


def test_a_thousand_failures_are_cut() -> None:
    spec = spec_of(bad_night())
    many = tuple(
        replace(spec.tasks[0], id=f"scicode/{number}", index=number)  # type: ignore[arg-type]
        for number in range(1000)
    )
    rows = all_rows(bad_night())
    over = Aborted(attempt=0, ended_at=START, cause="aborted")
    tasks = {
        task.id: replace(rows.tasks[spec.tasks[6].id], id=task.id, phase=over) for task in many
    }
    text = told(assemble(replace(spec, tasks=many), replace(rows, tasks=tasks)))
    assert "… and 800 more: `overnight failed`" in text
    assert text.count("\n") < 250


def test_limits_tell_how_they_stand() -> None:
    def stands(limit: Limit) -> str:
        rows: Rows = replace(all_rows(bad_night()), limits={TRAPI: limit})
        (row,) = section(told(assemble(spec_of(bad_night()), rows)), "What limits cost")[2:]
        return row.split(" | ")[-1]

    assert stands(Limit(name=TRAPI, pause_count=1)) == "free |"
    checking = Checking(since=START, step="preflight", reason="reset was due")
    assert (
        stands(Limit(name=TRAPI, pause_count=1, phase=checking))
        == "its preflight is run: reset was due |"
    )
    probing = Probing(since=START, probe=None, passes_at=None, reason="reset was due")
    assert (
        stands(Limit(name=TRAPI, pause_count=1, phase=probing)) == "one task tries: reset was due |"
    )
