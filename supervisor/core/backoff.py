"""How long to wait, and how long to let run."""

from hashlib import blake2b

from supervisor.core.models import RetryPolicy, TaskId, TimeoutPolicy

_MOST_DOUBLINGS = 64
"""Far beyond any cap, and no overflow."""


def delay_s(policy: RetryPolicy, failures: int) -> float:
    """Return the wait in seconds after failure number ``failures`` (from 1), without jitter.

    Raises:
        ValueError: ``failures`` is below 1.
    """
    if failures < 1:
        raise ValueError(f"failures are counted from 1, not {failures}")
    return grown(policy.base_s, policy.factor, failures - 1, policy.cap_s)


def jitter_s(policy: RetryPolicy, uuid: str, task: TaskId, attempt: int) -> float:
    """Return what is added to the wait after ``attempt``; the same for the same attempt."""
    spread = policy.jitter_high_s - policy.jitter_low_s
    return policy.jitter_low_s + spread * fraction(uuid, task, attempt)


def timeout_s(policy: TimeoutPolicy, timeouts: int) -> float | None:
    """Return how long an attempt may run after ``timeouts`` earlier ones ran too long."""
    if policy.first_s is None:
        return None
    return policy.first_s * policy.growth ** min(timeouts, _MOST_DOUBLINGS)


def slack_s(wait_s: float) -> float:
    """Return what to add to a stated wait: clocks differ, and servers round down."""
    return min(60.0, 2.0 + 0.05 * max(0.0, wait_s))


def grown(base_s: float, factor: float, times: int, cap_s: float) -> float:
    """Return ``base_s`` grown ``times`` times by ``factor``, at most ``cap_s``."""
    return min(cap_s, base_s * factor ** min(times, _MOST_DOUBLINGS))


def fraction(uuid: str, task: str, attempt: int) -> float:
    """Return a number from 0 up to 1 that depends on nothing but the arguments."""
    digest = blake2b(f"{uuid}\0{task}\0{attempt}".encode("utf-8", "surrogateescape"), digest_size=7)
    return int.from_bytes(digest.digest(), "big") / (1 << 56)
