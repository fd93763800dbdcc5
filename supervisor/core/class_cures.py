"""What a person can do about each class of failures, in a few words."""

from collections.abc import Mapping
from types import MappingProxyType

_CURES: Mapping[str, str] = MappingProxyType(
    {
        "auth": "log in again, then retry",
        "rate_limit": "wait a while, then retry",
        "usage_window": "retry when the window has reset",
        "quota": "add credit or raise the quota, then retry",
        "server_error": "the provider's fault: retry",
        "network": "see whether the network is well, then retry",
        "cuda_oom": "let it begin smaller (degrade:), then retry",
        "cuda_error": "retry; one GPU may be bad (screen 6)",
        "host_oom": "retry, with fewer at once (+ and -)",
        "disk_full": "make room, then retry",
        "docker": "overnight doctor tells more; then retry",
        "pool_crash": "retry, with fewer workers in the runner",
        "content_policy": "another try fails again: change what is asked",
        "bad_request": "another try fails again: mend the request",
        "timeout": "give it more time (timeout:), then retry",
        "stalled": "read how its log ends, then retry",
        "lost": "machine or engine died: retry",
        "broken": "another try fails again: mend the command",
        "unknown": "no rule knows it: read its log",
        "aborted": "retry once what stands above is cured",
    }
)


def cure(error_class: str) -> str:
    """Return what helps against failures of a class (or of ``aborted``); never empty."""
    return _CURES.get(error_class, _CURES["unknown"])
