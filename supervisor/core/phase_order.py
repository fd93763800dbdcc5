"""The words for the phases of a task, what a person should look at first."""

PHASES = (
    "failed",
    "unreachable",
    "frozen",
    "held",
    "backing_off",
    "running",
    "starting",
    "aborted",
    "waiting",
    "cancelled",
    "succeeded",
)
