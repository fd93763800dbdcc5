"""A measured figure beside its limit, and the table that shows them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. ``at_most`` False: the value has to reach the limit from above."""

    name: str
    value: float
    limit: float | None = None
    at_most: bool = True
    unit: str = ""
    absolute: bool = False
    """An absolute figure gates only where no slack is given: machines differ."""

    def holds(self, slack: float) -> bool:
        """Tell whether the limit holds, loosened by the factor ``slack``."""
        if self.limit is None or (self.absolute and slack > 1.0):
            return True
        return (
            self.value <= self.limit * slack if self.at_most else self.value >= self.limit / slack
        )


def show(title: str, notes: Sequence[str], figures: Sequence[Figure], slack: float) -> int:
    """Print a table and return how many figures missed their limit."""
    print(f"\n## {title}\n")
    for note in notes:
        print(f"  {note}")
    width = max(len(figure.name) for figure in figures)
    missed = 0
    for figure in figures:
        limit = ""
        if figure.limit is not None:
            limit = f"{'<=' if figure.at_most else '>='} {figure.limit:g}"
            if not figure.holds(slack):
                limit += "  MISSED"
                missed += 1
        print(f"  {figure.name:<{width}}  {figure.value:10.3f} {figure.unit:<8} {limit}")
    return missed
