"""The knobs of a group as clients show them."""

from supervisor.core import inner
from supervisor.core.board import KnobRow
from supervisor.core.models import GroupId
from supervisor.core.state import Batch


def bounds(batch: Batch, name: GroupId) -> tuple[int, int] | None:
    """Return what the group's parallelism may be of itself; None: it is one number."""
    spec = batch.group_specs[name]
    if spec.parallel_least is None or batch.groups[name].following.fixed:
        return None
    return spec.parallel_least, spec.parallel


def knob_row(batch: Batch, name: GroupId) -> KnobRow | None:
    """Return the inner knob of the group's runners; None: they have none."""
    spec = batch.group_specs[name]
    number = inner.value(spec, batch.groups[name])
    if spec.inner is None or number is None:
        return None
    return KnobRow(
        name=spec.inner.knob,
        value=number,
        start=spec.inner.start,
        least=spec.inner.least,
        apply=spec.inner.apply,
        behind=len(inner.behind(batch, name)),
    )
