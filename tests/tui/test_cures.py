from dataclasses import replace

from supervisor.core.board import Edited, GroupRow, LimitRow, NeedsYou
from supervisor.core.intents import Refresh, Reload, Resume
from supervisor.core.models import LimitId
from supervisor.core.needs_you import need_of_edit
from supervisor.tui.cures import cures
from tests.fakes.engine import board_of
from tests.tui.scene import NOW, night


def test_a_limit_may_be_refreshed_or_released() -> None:
    azure, trapi = cures(night(), NOW)
    assert azure.command == "az login --use-device-code; overnight resume azure"
    assert azure.intents == {}
    assert trapi.intents == {
        "refresh": Refresh(limit=LimitId("trapi")),
        "release": Resume(name="trapi"),
    }
    assert trapi.why.startswith("trapi is held since 02:04 until 06:00 (3h46 left): usage_window")


def test_need_and_hold_of_one_limit_are_one_cure() -> None:
    limit = LimitRow(limit="t", held_until=None, reason="login", since=NOW, state="held")
    need = NeedsYou(what="t", since=NOW, why="login expired", command="overnight resume t")
    (cure,) = cures(board_of(limits=(limit,), needs_you=(need,)), NOW)
    assert set(cure.intents) == {"refresh", "release"}
    assert "login expired" in cure.why
    assert "until released" in cure.why


def test_a_group_may_only_be_released() -> None:
    group = GroupRow(group="g", parallel=1, running=0, state="paused", breaker="open")
    need = NeedsYou(what="g", since=NOW, why="5 failures", command="overnight resume g")
    (cure,) = cures(board_of(groups=(group,), needs_you=(need,)), NOW)
    assert cure.intents == {"release": Resume(name="g")}


def test_the_disk_is_cured_elsewhere() -> None:
    need = NeedsYou(what="disk", since=0.0, why="2 GiB left", command="df -h")
    (cure,) = cures(board_of(needs_you=(need,)), NOW)
    assert cure.why == "disk: 2 GiB left"
    assert not cure.intents


def test_a_limit_that_probes_says_so() -> None:
    limit = LimitRow(limit="t", held_until=None, reason="429", since=NOW, state="probing")
    assert cures(board_of(limits=(limit,)), NOW)[0].why == "t is probing: 429"


def test_an_edited_file_may_be_applied_unless_it_has_faults() -> None:
    edited = Edited(file="/w/night.yaml", since=NOW, brief="1 task new", seen="x1")
    head = replace(board_of().head, edited=edited, needs_you=(need_of_edit(edited),))
    (cure,) = cures(replace(board_of(), head=head), NOW)
    assert cure.intents == {"reload": Reload(seen="x1")}
    assert cure.command == "overnight reload"
    faulty = replace(edited, faults=("/w/night.yaml:3: no",))
    head = replace(head, edited=faulty, needs_you=(need_of_edit(faulty),))
    (cure,) = cures(replace(board_of(), head=head), NOW)
    assert cure.intents == {}
