"""Small batches for engine tests."""

from supervisor.core.models import (
    BatchSpec,
    BreakerPolicy,
    GroupId,
    GroupSpec,
    LimitId,
    LimitSpec,
    RetryPolicy,
    TaskId,
    TaskSpec,
)

PATIENT = RetryPolicy(jitter_low_s=0, jitter_high_s=0)
ONCE = RetryPolicy(attempts=1)


def spec_of(
    *names: str,
    directory: str = "/nowhere/.overnight/night",
    parallel: int = 4,
    retry: RetryPolicy = PATIENT,
    run: str | tuple[str, ...] = "true",
    env_names: tuple[str, ...] = (),
) -> BatchSpec:
    """Return a batch with one task for each ``group/id``."""
    groups = dict.fromkeys(name.partition("/")[0] for name in names)
    return BatchSpec(
        name="night",
        directory=directory,
        source="/nowhere/night.yaml",
        env_names=env_names,
        groups=tuple(
            GroupSpec(
                name=GroupId(group),
                parallel=parallel,
                retry=retry,
                breaker=BreakerPolicy(then="off"),
            )
            for group in groups
        ),
        limits=tuple(LimitSpec(name=LimitId(group)) for group in groups),
        tasks=tuple(
            TaskSpec(
                id=TaskId(name),
                group=GroupId(name.partition("/")[0]),
                run=run,
                cwd="/",
                limits=(LimitId(name.partition("/")[0]),),
                index=index,
            )
            for index, name in enumerate(names)
        ),
    )
