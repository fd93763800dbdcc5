"""Where results are looked for follows from command, environment, batch file and profile."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from supervisor.core.models import BatchSpec, TaskId
from supervisor.core.runners import Option, ResultsAt, RunnerProfile, SuccessSigns
from supervisor.core.state import Batch, fresh
from supervisor.engine.looking import look_for, place_of, profile_of
from supervisor.ports import Look, Ref
from tests.engine.batches import spec_of

A = TaskId("g/a")
HERE = Path("/state/tasks/g/a/attempt-1")
PROFILE = RunnerProfile(
    name="inspect",
    options=MappingProxyType(
        {
            "log_dir": Option(flags=("--log-dir",), env="LOGS", default="log*"),
            "run_id": Option(flags=("--run_id",)),
        }
    ),
    results=ResultsAt(reader="inspect", globs=("{log_dir}/*.eval", "{run_id}/x.json")),
)


def batch_of(run: str | tuple[str, ...], spec: BatchSpec | None = None, **task: object) -> Batch:
    spec = spec or spec_of("g/a", run=run)
    changes = {"run": run, "profile": "inspect", "cwd": "/data", **task}
    tasks = (replace(spec.tasks[0], **changes),)  # type: ignore[arg-type] - tests say what they need
    return fresh(replace(spec, tasks=tasks, profiles=(PROFILE,)), "u", 0)


def look(batch: Batch, **environ: str) -> Look:
    found = look_for(batch, Ref(A, 1), HERE, since=7.0, environ=environ)
    assert found is not None
    return found


def test_nothing_to_look_for_is_none() -> None:
    batch = fresh(spec_of("g/a"), "u", 0)
    assert profile_of(batch, A).name == "generic"
    assert look_for(batch, Ref(A, 1), HERE, since=0, environ={}) is None


def test_options_fill_globs_and_only_defaults_are_globs() -> None:
    batch = batch_of("inspect eval --log-dir 'a[1]*' t.py")
    assert look(batch).globs == ("a[[]1][*]/*.eval",)
    assert look(batch_of("inspect eval t.py")).globs == ("log*/*.eval",)
    assert look(batch_of("inspect eval t.py"), LOGS="there").globs == ("there/*.eval",)
    own = batch_of("inspect eval t.py", env={"LOGS": "file:///mine"})
    assert look(own, LOGS="there").globs == ("/mine/*.eval",)


def test_the_task_s_values_are_in_the_command_and_the_names() -> None:
    batch = batch_of(
        "inspect eval --log-dir logs/{model} --run_id {model}", params={"model": "a b"}
    )
    found = look(batch)
    assert found.globs == ("logs/a b/*.eval", "a b/x.json")
    assert found.names["run_id"] == found.names["model"] == "a b"
    assert found.logs == (HERE / "stdout.log", HERE / "stderr.log")
    assert (found.cwd, found.since, found.reader) == (Path("/data"), 7.0, "inspect")
    words = batch_of(("inspect", "eval", "--log-dir", "x {model}"), params={"model": "y"})
    assert look(words).globs == ("x y/*.eval",)


def test_signs_of_success_come_from_the_batch_file_and_the_profile() -> None:
    spec = spec_of("g/a")
    signs = SuccessSigns(files=("theirs",), markers=("done {task}",))
    group = replace(spec.groups[0], success_files=("{task_dir}/*.json", "{x}", "[a]{model}"))
    changed = replace(spec, groups=(group,))
    batch = batch_of("true", changed, params={"model": "*"}, profile="own")
    batch = replace(
        batch, head=replace(batch.head, profiles=(RunnerProfile(name="own", success=signs),))
    )
    found = look(batch)
    assert found.reader is None
    assert found.files == (f"{spec.directory}/tasks/g/a/*.json", "{x}", "[a][*]")
    assert found.markers == ("done g/a",)


def test_places_are_compared_as_absolute_paths() -> None:
    one = place_of(look(batch_of("inspect eval --log-dir ./x/../logs t.py")))
    two = place_of(look(batch_of("inspect eval --log-dir /data/logs t.py", cwd="/elsewhere")))
    assert one == two == ("/data/logs/*.eval",)
