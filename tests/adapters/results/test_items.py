"""Failed items are handed on clean, and so many of them."""

from supervisor.adapters.results.items import failed_items
from supervisor.core.models import FailedItem


def test_items_are_clean_and_bounded() -> None:
    assert failed_items([("1 (epoch 1)", "\x1b[31mbad\x1b[0m"), ("2", None)]) == (
        FailedItem(id="1 (epoch 1)", text="bad"),
        FailedItem(id="2", text=""),
    )
    many = failed_items((str(number), "x" * 5000) for number in range(5000))
    assert (len(many), len(many[0].text)) == (1000, 2000)
