"""What needs a person comes with the command that cures it."""

from dataclasses import replace

from supervisor.core.board import Edited, NeedsYou
from supervisor.core.events import DiskChanged, ReachChanged, RefreshEnded
from supervisor.core.models import (
    BreakerPolicy,
    CommandSpec,
    ErrorClass,
    LimitId,
    LimitSpec,
    TaskId,
)
from supervisor.core.needs_you import need_of_edit, needs_you, tells_of_daemon
from supervisor.core.wish import DOCKER
from tests.fakes.night import after, begun, ended, failed, group, started, task


def test_a_quiet_night_needs_nobody() -> None:
    batch = begun(["g/a", "g/b"])
    assert needs_you(batch, 1) == ()
    waiting = after(batch, (failed("g/a", 1, 5, ErrorClass.USAGE_WINDOW, retry_at=900), 5))
    assert needs_you(waiting, 6) == (), "a stated reset comes by itself"


def test_an_empty_account_needs_the_operator() -> None:
    batch = after(begun(["g/a", "g/b"]), (failed("g/a", 1, 5, ErrorClass.QUOTA), 5))
    (found,) = needs_you(batch, 6)
    assert (found.what, found.since, found.command) == ("g", 5, "overnight resume g")


def test_a_refresh_that_failed_needs_the_operator() -> None:
    limit = LimitSpec(name=LimitId("g"), refresh=CommandSpec(run="login"))
    batch = after(
        begun(["g/a"], limits=[limit]),
        (failed("g/a", 1, 5, ErrorClass.AUTH), 5),
        (RefreshEnded(limit=LimitId("g"), cause="expired"), 6),
    )
    (found,) = needs_you(batch, 6)
    assert found.command == "overnight resume g"
    assert "refresh failed: expired" in found.why


def test_breakers_and_disks_longest_waiting_first() -> None:
    one = BreakerPolicy(consecutive=1)
    batch = begun(
        ["g/a", "g/b", "h/a", "h/b", "h/c"],
        [group(parallel=1, breaker=one), group("h", parallel=1)],
    )
    batch = after(
        batch,
        (failed("g/a", 1, 50, ErrorClass.BAD_REQUEST), 50),
        (ended("h/a", 1, 10, 127), 51),
        (ended("h/b", 1, 11, 127), 52),
        (DiskChanged(reason="2 GiB left"), 60),
    )
    disk, first, second = needs_you(batch, 60)
    assert disk == NeedsYou(what="disk", since=0, why="2 GiB left", command="df -h")
    assert (first.what, first.command) == ("g", "overnight resume g")
    assert first.why.endswith("one task is tried in 14m50s")
    assert second.why == "the first 2 tasks are broken"


def test_a_group_that_is_over_needs_nobody() -> None:
    one = BreakerPolicy(consecutive=1)
    batch = begun(["g/a", "g/b", "h/a"], [group(parallel=2, breaker=one)])
    batch = after(batch, (failed("g/a", 1, 50, ErrorClass.BAD_REQUEST), 50))
    assert needs_you(batch, 60) == (), "nothing was left to hold back"


def test_an_expired_login_names_the_way_to_sign_in() -> None:
    limit = LimitSpec(name=LimitId("g"), refresh=CommandSpec(run="az account get-access-token"))
    batch = after(
        begun(["g/a"], limits=[limit]),
        (failed("g/a", 1, 5, ErrorClass.AUTH), 5),
        (RefreshEnded(limit=LimitId("g"), cause="exit 1"), 6),
    )
    (found,) = needs_you(batch, 6)
    assert found.command == "az login --use-device-code; overnight resume g"


def test_no_login_brings_money() -> None:
    cause = "openai: insufficient_quota, check your billing; azure"
    batch = after(begun(["g/a"]), (failed("g/a", 1, 5, ErrorClass.QUOTA, cause=cause), 5))
    (found,) = needs_you(batch, 6)
    assert found.command == "overnight resume g"


def test_who_cannot_be_reached_is_one_entry() -> None:
    batch = after(begun(["g/a", "g/b"]), (started("g/a", 1, 1), 1), (started("g/b", 1, 1), 1))
    batch = after(batch, (ReachChanged(task=TaskId("g/b"), attempt=1, reason="does not die"), 9))
    (found,) = needs_you(batch, 10)
    assert (found.what, found.since, found.command) == ("unreachable", 9, "overnight why g/b")
    assert found.why.startswith("g/b: does not die; ")


def test_an_edited_file_needs_a_word_or_its_faults_mended() -> None:
    edited = Edited(file="/w/it's/night.yaml", since=5.0, brief="g.parallel: 4 → 8")
    assert need_of_edit(edited) == NeedsYou(
        what="night.yaml",
        since=5.0,
        why="edited: g.parallel: 4 → 8; the batch goes on as before",
        command="overnight reload",
    )
    faults = ("/w/it's/night.yaml:3: retyr: unknown key", "/w/it's/ids.txt: cannot read it")
    wrong = need_of_edit(replace(edited, faults=faults))
    assert wrong.why == (
        "line 3: retyr: unknown key (and 1 other fault); the batch goes on as before"
    )
    assert wrong.command == "overnight check '/w/it'\"'\"'s/night.yaml'"
    other = need_of_edit(replace(edited, faults=faults[1:]))
    assert other.why == "ids.txt: cannot read it; the batch goes on as before"
    gone = need_of_edit(replace(edited, faults=("/w/it's/night.yaml: cannot read it",)))
    assert gone.why == "cannot read it; the batch goes on as before"


def test_what_is_unreachable_first_tells_whether_the_container_engine_is_away() -> None:
    batch = begun([task("g/a", limits=(LimitId("g"), DOCKER)), "g/b"])
    batch = after(batch, (started("g/a", 1, 0), 0), (started("g/b", 1, 0), 0))
    assert not tells_of_daemon(batch)
    away = ReachChanged(task=TaskId("g/a"), attempt=1, reason="no answer")
    stuck = ReachChanged(task=TaskId("g/b"), attempt=1, reason="does not die")
    assert tells_of_daemon(after(batch, (away, 9)))
    assert not tells_of_daemon(after(batch, (stuck, 9)))
    assert not tells_of_daemon(after(batch, (stuck, 8), (away, 9))), "the entry says why g/b is"
