"""Simulated nights: the real core and detector against what people use, on the same bad luck.

Time is virtual; runners and services are modelled (``world``, ``accounts``), what they write is
judged by the rules that ship and the real scanner. ``ledger.Row`` says what each column counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench.gate import Figure, show
from tests.bench.nights.baselines import BASELINES, Clairvoyant
from tests.bench.nights.ledger import Row
from tests.bench.nights.night import Night, Policy
from tests.bench.nights.ours import Detector, ours
from tests.bench.nights.plan import Plan, plan
from tests.bench.places import fresh

_HEAD = (
    f"{'seed':>4}  {'policy':<20}  {'done %':>6}  {'wasted %':>8}  {'idle min after':^20}  "
    f"{'notice min of':^16}  {'wrong':>8}  launches"
)
_HEAD_2 = f"{'':44}{'reset':>6} {'outage':>6} {'mean':>6}  {'incident':>8} {'silence':>7}  {'give-ups':>8}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """One column that has to be better than anybody's in each night."""

    name: str
    value: Callable[[Row], float | None]
    limit: float | None = None
    unit: str = ""
    more: bool = False
    """More is better."""


_COLUMNS = (
    _Column(name="done", value=lambda row: row.done, limit=99.0, unit="%", more=True),
    _Column(name="wasted launches", value=lambda row: row.wasted, limit=2.0, unit="%"),
    _Column(name="idle after a reset", value=lambda row: row.idle_reset, limit=3.0, unit="min"),
    _Column(name="idle after an outage", value=lambda row: row.idle_outage, unit="min"),
    _Column(name="time to notice", value=lambda row: row.notice, unit="min"),
    _Column(name="time to notice silence", value=lambda row: row.silence, unit="min"),
    _Column(name="wrong give-ups", value=lambda row: row.wrong),
)


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    place = fresh("nights")
    detector = Detector(place)
    seeds = range(3) if quick else range(20)
    print("\n## Nights of 1,000 tasks in 8 groups\n")
    print(_HEAD)
    print(_HEAD_2)
    own: list[Row] = []
    others: list[Sequence[Row]] = []
    for seed in seeds:
        rows = _night(plan(seed), lambda it: ours(it, place, detector))
        for row in rows:
            print(_line(seed, row))
        own.append(rows[0])
        others.append(rows[1 : 1 + len(BASELINES)])
    figures = [_worst(column, own) for column in _COLUMNS]
    figures.append(_beaten(own, others))
    # Virtual time is the same on every machine: nothing here needs slack.
    return show("The worst of our nights", _BEATEN_NOTE, figures, slack=1.0)


_BEATEN_NOTE = ("behind: columns of nights in which one of the three others did better",)


def _night(it: Plan, make: Callable[[Plan], Callable[[Night], Policy]]) -> list[Row]:
    """Return the rows of one night: ours, the others', the clairvoyant's."""
    return [Night(it, policy).spent() for policy in (make(it), *BASELINES, Clairvoyant)]


def _line(seed: int, row: Row) -> str:
    silence = "-" if row.silence is None else f"{row.silence:.1f}"
    return (
        f"{seed:>4}  {row.policy:<20}  {row.done:6.1f}  {row.wasted:8.1f}  {row.idle_reset:6.1f} "
        f"{row.idle_outage:6.1f} {row.idle_mean:6.1f}  {row.notice:8.1f} {silence:>7}  {row.wrong:>8}  "
        f"{row.launches:>8}"
    )


def _worst(column: _Column, rows: Sequence[Row]) -> Figure:
    values = [value for row in rows if (value := column.value(row)) is not None]
    return Figure(
        name=column.name,
        value=min(values) if column.more else max(values),
        limit=column.limit,
        at_most=not column.more,
        unit=column.unit,
    )


def _beaten(own: Sequence[Row], others: Sequence[Sequence[Row]]) -> Figure:
    behind = sum(
        _better(column, other, row)
        for row, rivals in zip(own, others, strict=True)
        for other in rivals
        for column in _COLUMNS
    )
    return Figure(name="behind", value=behind, limit=0)


def _better(column: _Column, one: Row, other: Row) -> bool:
    mine, theirs = column.value(one), column.value(other)
    if mine is None or theirs is None:
        return False
    return mine > theirs if column.more else mine < theirs
