"""The keys of the batch file: a task's work, a group's policies, and the batch around them."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from supervisor.config.container_keys import DockerKeys
from supervisor.config.inner_keys import InnerKeys
from supervisor.config.kinds import (
    ClockRange,
    ClockTime,
    Command,
    Count,
    Counter,
    Filled,
    Flag,
    Name,
    Needs,
    NotYet,
    Order,
    Parallel,
    Rules,
    Size,
    Span,
    Text,
    Texts,
    Zone,
    one_of,
)
from supervisor.config.ladders import DegradeKeys
from supervisor.config.limits import Limit, Notify
from supervisor.config.policies import (
    BreakerKeys,
    ErrorKeys,
    GiveUpKeys,
    GpuKeys,
    Keys,
    RetryKeys,
    StallKeys,
    SuccessKeys,
    Timeout,
)
from supervisor.config.source import Plain
from supervisor.config.watch_keys import WatchedContainers
from supervisor.core.models import ErrorClass

_OWN_TO_TREAT = tuple(kind for kind in ErrorClass if kind is not ErrorClass.OPERATOR)
"""What follows an end that the operator ordered is what he ordered."""


class SourceKeys(Keys):
    """Where the values of a matrix come from, when they are not listed."""

    lines: Filled | None = Field(default=None, description="A file with one value a line.")
    glob: Filled | None = Field(default=None, description="Files that match a pattern.")
    table: Filled | None = Field(default=None, description="A CSV file; its columns are the names.")
    chunk: Count | None = Field(
        default=None, description="So many values at once, joined by spaces."
    )


def _kind_of_values(value: Plain) -> str:
    return "(list)" if isinstance(value, (list, str)) else "(source)"


def _listed(value: Plain) -> Plain:
    if isinstance(value, str):
        raise ValueError(
            f"expected a list of values or {{lines: FILE}}, {{glob: PATTERN}}, {{table: FILE}},"
            f" found {value!r}"
        )
    return value


Values = Annotated[
    Annotated[tuple[Text, ...], BeforeValidator(_listed), Tag("(list)")]
    | Annotated[SourceKeys, Tag("(source)")],
    Discriminator(_kind_of_values),
]


def _table(value: Plain) -> Plain:
    """Read ``{table: FILE}`` as ``{table: {table: FILE}}``: the columns bring the names."""
    if isinstance(value, dict) and isinstance(value.get("table"), str):
        return {**value, "table": {"table": value["table"]}}
    return value


def _as_list(value: Plain) -> Plain:
    return [value] if isinstance(value, dict) else value


Matrix = Annotated[dict[Text, Values], BeforeValidator(_table)]
Except = Annotated[tuple[dict[Text, Text], ...], BeforeValidator(_as_list)]


class Work(Keys):
    """What a task runs, and where. Given to a group or at the top, it is the default below."""

    run: Command | None = Field(
        default=None, description="A shell string, or a list without a shell."
    )
    resume: Command | None = Field(default=None, description="Instead of run, for later attempts.")
    setup: Text | None = Field(default=None, description="Run before, in the same shell.")
    cwd: Filled | None = Field(
        default=None, description="Default: the directory of the batch file."
    )
    env: dict[Filled, Text] | None = None
    env_file: Text | None = Field(
        default=None, description="Read anew for each attempt, never stored."
    )
    limit: Texts | None = Field(
        default=None, description="What the task exhausts; may hold {names}."
    )
    needs: Needs | None = Field(
        default=None,
        description="Tasks or groups that must succeed first; {group: g, done: 90%} or"
        " {group: g, when: ended} ask for less.",
    )
    at: ClockTime | None = Field(default=None, description="Not before this time of day.")
    sources: Texts | None = Field(
        default=None,
        description="Files read beside the output, such as results/{name}/**/result.json.",
    )
    gpus: GpuKeys | None = Field(
        default=None, description="GPUs that nobody else uses; CUDA_VISIBLE_DEVICES is set."
    )
    weight: Count | None = Field(default=None, description="How many slots the task takes.")
    image: Text | None = Field(
        default=None, description="Run in a container of this image; run is the command inside."
    )
    docker: DockerKeys | None = Field(default=None, description="How that container is run.")


class TaskKeys(Work):
    """One task, or with ``for`` one for each combination of values."""

    id: Filled | None = Field(default=None, description="Default: made from the values.")
    for_: Matrix | None = Field(default=None, alias="for")
    except_: Except | None = Field(
        default=None, alias="except", description="Combinations left out."
    )


class GroupKeys(TaskKeys):
    """Tasks that share parallelism and policies. With ``run`` and no ``tasks`` it is its own task."""

    parallel: Parallel | None = Field(
        default=None, description="So many tasks at once; 1..5 follows rate limits."
    )
    auto_parallel: Flag | None = Field(
        default=None,
        description="Lower it by itself where most containers stand by, never below what works;"
        " parallel: 20 then means 1..20.",
    )
    retry: RetryKeys | None = None
    stagger: Span | None = Field(default=None, description="Between two launches, such as 2s..7s.")
    timeout: Timeout | None = None
    breaker: BreakerKeys | None = None
    stall: StallKeys | None = None
    give_up: GiveUpKeys | None = None
    runner: Name | None = Field(
        default=None, description="Profile of the runner; default: by command, else generic."
    )
    success: SuccessKeys | None = None
    errors: dict[Annotated[ErrorClass, one_of(*_OWN_TO_TREAT)], ErrorKeys] | None = None
    order: Order | None = Field(default=None, description="Groups with a smaller one run first.")
    failed_file: Filled | None = Field(
        default=None, description="A copy of the list of failed tasks."
    )
    leftovers: Annotated[Literal["end", "leave"], one_of("end", "leave")] | None = Field(
        default=None, description="Processes that outlive their command."
    )
    tasks: tuple[TaskKeys, ...] | None = None
    degrade: DegradeKeys | None = None
    containers: WatchedContainers | None = Field(
        default=None, description="Containers that the runner makes; a match alone is only shown."
    )
    inner: InnerKeys | None = Field(
        default=None, description="Parallelism inside of each runner, turned while it runs."
    )
    progress: Counter | None = Field(
        default=None,
        description="Regular expression with two groups, done and total, searched in the output;"
        " default: its marks (README: your runner), what its profile says, else tqdm bars.",
    )
    log: NotYet = None


class BatchKeys(GroupKeys):
    """A whole batch file. A group's key at the top is every group's default."""

    batch: Name | None = Field(default=None, description="Default: the name of the file.")
    timezone: Zone | None = Field(default=None, description='For "resets 4pm" without a zone.')
    disk_floor: Size | None = Field(default=None, description="Below it nothing is launched.")
    limits: dict[Name, Limit] | None = None
    groups: dict[Name, GroupKeys] | None = None
    rules: Rules | None = Field(
        default=None,
        description="Detection rules over the package's: pack files, or rules; of one id the last"
        " counts, enabled: false switches one off.",
    )
    hours: ClockRange | None = Field(
        default=None, description="Launch only then, such as 22:00-07:30; what runs, runs on."
    )
    notify: Notify | None = Field(
        default=None, description="Calls you when something needs you, and at the end."
    )


SHORT_FORM = ("id", "for_", "except_", "tasks")
"""Keys that make tasks; what stands in a group is not inherited from the top."""


def merged(top: GroupKeys, group: GroupKeys) -> GroupKeys:
    """Return the group's keys with those at the top as defaults; policies are merged key by key.

    ``env`` and ``errors`` are merged too, and what the top needs is needed besides.
    """
    inherited = [field for field in GroupKeys.model_fields if field not in SHORT_FORM]
    values = {field: _over(getattr(top, field), getattr(group, field)) for field in inherited}
    values |= {field: getattr(group, field) for field in SHORT_FORM}
    values["env"] = {**(top.env or {}), **(group.env or {})}
    values["needs"] = (*(top.needs or ()), *(group.needs or ()))
    outer, inner = top.errors or {}, group.errors or {}
    values["errors"] = {kind: _over(outer.get(kind), inner.get(kind)) for kind in (*outer, *inner)}
    return GroupKeys.model_construct(**values)


def _over(outer: Any, inner: Any) -> Any:
    """Return what ``inner`` says, filled up with ``outer``."""
    if isinstance(outer, Keys) and isinstance(inner, Keys):
        own = {field: getattr(inner, field) for field in inner.model_fields_set}
        return outer.model_copy(update=own)
    return outer if inner is None else inner
