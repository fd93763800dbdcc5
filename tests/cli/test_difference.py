"""Differences of two batch files in words."""

from dataclasses import replace
from types import MappingProxyType

from supervisor.cli.difference import differences
from supervisor.core.models import BatchSpec, GroupId, GroupSpec, TaskId, TaskSpec


def task(name: str, run: str | tuple[str, ...] = "true") -> TaskSpec:
    group = GroupId(name.partition("/")[0])
    return TaskSpec(id=TaskId(name), group=group, run=run, cwd="/")


BEFORE = BatchSpec(
    name="night",
    directory="/d",
    source="/night.yaml",
    groups=(GroupSpec(name=GroupId("g")), GroupSpec(name=GroupId("h"))),
    tasks=(task("g/a"), task("g/b"), task("h/a")),
)


def test_nothing_differs() -> None:
    assert list(differences(BEFORE, BEFORE)) == []


def test_everything_that_may() -> None:
    after = replace(
        BEFORE,
        parallel=3,
        groups=(GroupSpec(name=GroupId("g"), parallel=9), GroupSpec(name=GroupId("new"))),
        tasks=(
            task("g/a", ("echo", "x")),
            replace(task("g/b"), env=MappingProxyType({"A": "1"})),
            task("new/a", "make"),
        ),
    )
    assert list(differences(BEFORE, after)) == [
        "parallel: no cap → 3",
        "- group h is removed",
        "~ group g: parallel: 4 → 9",
        "+ group new is new",
        "- h/a is removed",
        "~ g/a: run: true → echo x",
        "~ g/b: env: {} → {'A': '1'}",
        "+ new/a is new: make",
    ]
