"""What scripts and the report read of runners' own words."""

from supervisor.core.told import BadItem, Told, Wait
from supervisor.core.told_documents import item_rows, items, said, usage_rows
from tests.batches import bad_night, with_items

BAD = BadItem(id="q1", error_class="timeout", text="late")


def test_the_document_has_just_the_documented_keys() -> None:
    wait = Wait(until=9.0, why="resets 4pm", error_class="usage_window")
    assert said(Told(item="q", errors=1, failed=(BAD,), wait=wait, cost=0.1)) == {
        "item": "q",
        "done": None,
        "items_failed": 1,
        "waiting_until": 9.0,
        "waiting_for": "resets 4pm",
        "requests": 0,
        "tokens_in": 0,
        "tokens_out": 0,
        "cost_usd": 0.1,
        "malformed": 0,
    }
    assert said(None) is None
    silent = said(Told())
    assert silent is not None
    assert (silent["item"], silent["waiting_until"], silent["waiting_for"]) == (None, None, None)


def test_failed_items_are_listed_with_their_class() -> None:
    assert items(None) == {"items_failed": 0, "items": []}
    assert items(Told(errors=3, failed=(BAD,))) == {
        "items_failed": 3,
        "items": [{"item": "q1", "class": "timeout", "error": "late"}],
    }


def test_rows_of_the_report() -> None:
    assert item_rows(bad_night().tasks.values()) == ([], 0)
    assert usage_rows(bad_night()) == []
    batch = with_items(bad_night(), cost=0.5)
    assert item_rows(batch.tasks.values()) == ([("scicode/expired", "q1", "timeout", "late")], 2)
    assert usage_rows(batch) == [("scicode", "$0.50")]
