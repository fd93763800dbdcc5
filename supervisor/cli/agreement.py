"""What is asked on a terminal when the engine refuses to go on without the operator's word."""

import sys
from dataclasses import replace

from supervisor.core.options import RunOptions


def agreed(refusal: str, options: RunOptions) -> RunOptions | None:
    """Return the options with the operator's answer to a refusal; None: no question, or a no.

    A refusal names the flags that answer it; those are what is asked about.
    """
    ways: dict[str, tuple[str, RunOptions]] = {}
    if "--keep" in refusal and options.changed == "ask":
        ways["k"] = ("[k]eep them as done", replace(options, changed="keep"))
        ways["r"] = ("[r]un them again", replace(options, changed="force"))
    elif "--moved" in refusal and options.moved == "ask":
        ways["m"] = ("it was [m]oved", replace(options, moved="moved"))
        ways["c"] = ("it is a [c]opy", replace(options, moved="copied"))
    elif "--missing-env-ok" in refusal and not options.missing_env_ok:
        ways["g"] = ("[g]o on all the same", replace(options, missing_env_ok=True))
    if not ways:
        return None
    print(refusal)
    words = ", ".join(words for words, _ in ways.values())
    print(f"{words}, or anything else to leave it? ", end="", flush=True)
    answer = sys.stdin.readline().strip().lower()[:1]
    return ways[answer][1] if answer in ways else None
