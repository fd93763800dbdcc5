"""What the processes of one attempt used, as far as it was seen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Looks are half a minute apart: what was used between the last one and the end is not in it."""

    cpu_s: float
    """CPU seconds of all of them together."""
    peak_bytes: int
    """The most memory that they had at a look."""


def more(before: Spent | None, cpu_s: float, mem_bytes: int) -> Spent:
    """Return what was used when a look finds so much; processes that ended take theirs along."""
    if before is None:
        return Spent(cpu_s=round(cpu_s, 1), peak_bytes=mem_bytes)
    return Spent(
        cpu_s=max(before.cpu_s, round(cpu_s, 1)), peak_bytes=max(before.peak_bytes, mem_bytes)
    )
