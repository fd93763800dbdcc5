"""Batch files as a whole: short and long form, policies, environment, times, other files."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervisor.config.effective import effective
from supervisor.config.emit import emitted
from supervisor.config.load import load, next_at
from supervisor.core.command import render
from supervisor.core.models import (
    BreakerPolicy,
    CommandSpec,
    ErrorClass,
    GiveUpPolicy,
    GroupSpec,
    Hours,
    LimitSpec,
    RetryPolicy,
    StallPolicy,
    TimeoutPolicy,
)
from supervisor.ports import ConfigError
from tests.config.conftest import NOW, Loader, Refusals


def test_the_short_form(loaded: Loader, tmp_path: Path) -> None:
    (tmp_path / "capsules.txt").write_text("0504157\n0921079\n")
    spec = loaded(
        """
        parallel: 5
        run: python scripts/run_corebench_fixes.py --capsule {capsule} --docker
        for: {capsule: {lines: capsules.txt}}
        """
    )
    assert spec.name == "night"
    assert spec.directory == str(tmp_path / ".overnight/night")
    assert spec.source == str(tmp_path / "night.yaml")
    assert spec.parallel == 5
    assert [group.name for group in spec.groups] == ["night"]
    assert [task.id for task in spec.tasks] == ["night/0504157", "night/0921079"]
    assert [task.index for task in spec.tasks] == [0, 1]
    assert spec.tasks[0].params == {"capsule": "0504157"}
    assert spec.tasks[0].limits == ("night",)
    assert spec.limits == (LimitSpec(name="night"),)  # type: ignore[arg-type]


def test_a_table_brings_the_names(loaded: Loader, tmp_path: Path) -> None:
    (tmp_path / "runs.csv").write_text("model,quant\nQwen/Qwen2.5-7B,int8\n")
    spec = loaded("run: x {model} {quant} {n}\nfor: {table: runs.csv, n: ['1', '2']}")
    assert [dict(task.params) for task in spec.tasks] == [
        {"model": "Qwen/Qwen2.5-7B", "quant": "int8", "n": n} for n in "12"
    ]


LONG = """
batch: corebench-night
timezone: America/Los_Angeles
parallel: 8
disk_floor: 10GiB
retry: {attempts: 6, base: 10s}
errors: {network: {attempts: 9}}
limits:
  trapi:
    refresh: {run: az account get-access-token, timeout: 90s}
  spare:
groups:
  corebench:
    parallel: 5
    limit: trapi
    retry: {base: 30s, factor: 3, cap: 5m, jitter: 2s..7s}
    stagger: 2s..7s
    timeout: {first: 2h, growth: 2}
    breaker: {consecutive: 3, then: abort}
    stall: {quiet: 10m, action: restart, signals: [children, log]}
    progress: '(\\d+)/(\\d+) done'
    give_up: {holds: 3, waited: 1h, launches: 50}
    errors: {server_error: {attempts: 8}, network: {action: wait}}
    success: {exit: [0, 3]}
    leftovers: leave
    order: 10
    at: 06:00
    failed_file: .tmp/failed.json
    tasks: [{id: a, run: x}]
  plain:
    timeout: 30m
    run: y
"""


def test_the_long_form(loaded: Loader, tmp_path: Path) -> None:
    spec = loaded(LONG)
    core, plain = spec.groups
    assert core == GroupSpec(
        name=core.name,
        parallel=5,
        order=10,
        stagger_low_s=2,
        stagger_high_s=7,
        retry=RetryPolicy(attempts=6, base_s=30, factor=3, cap_s=300),
        timeout=TimeoutPolicy(first_s=7200, growth=2),
        breaker=BreakerPolicy(consecutive=3, then="abort"),
        stall=StallPolicy(quiet_s=600, action="restart", signals=("log", "children")),
        progress=r"(\d+)/(\d+) done",
        give_up=GiveUpPolicy(holds=3, waited_s=3600, launches=50),
        attempts_by_class={ErrorClass.NETWORK: 9, ErrorClass.SERVER_ERROR: 8},
        action_by_class={ErrorClass.NETWORK: "wait"},
        success_exit=(0, 3),
        failed_file=str(tmp_path / ".tmp/failed.json"),
        leave_leftovers=True,
    )
    assert plain.parallel == 8
    assert plain.retry == RetryPolicy(attempts=6, base_s=10)
    assert plain.timeout == TimeoutPolicy(first_s=1800)
    assert [limit.name for limit in spec.limits] == ["trapi", "spare", "plain"]
    assert spec.limits[0].refresh == CommandSpec(run="az account get-access-token", timeout_s=90)
    assert (spec.name, spec.disk_floor_bytes, spec.parallel) == ("corebench-night", 10 * 2**30, 8)
    morning = datetime.fromtimestamp(spec.tasks[0].not_before or 0, UTC)
    assert morning.isoformat() == "2026-02-17T14:00:00+00:00"


def test_defaults_are_those_of_the_core(loaded: Loader) -> None:
    spec = loaded("groups: {g: {run: x}}")
    (group,) = spec.groups
    assert group == GroupSpec(name=group.name)
    assert (spec.parallel, spec.timezone, spec.disk_floor_bytes) == (None, None, 0)


def test_a_timeout_may_be_taken_back(loaded: Loader) -> None:
    spec = loaded("timeout: {first: 2h, growth: 3}\ngroups: {g: {run: x, timeout: null}}")
    assert spec.groups[0].timeout == TimeoutPolicy(first_s=None, growth=3)


def test_only_names_of_the_environment_are_kept(loaded: Loader) -> None:
    env = {
        "PATH": "/usr/bin:/bin",
        "VIRTUAL_ENV": "/venv",
        "OPENAI_API_KEY": "sk-secret",
        "OVERNIGHT_TASK": "x",
    }
    spec = loaded("run: x", env=env)
    assert spec.env_names == ("OPENAI_API_KEY", "PATH", "VIRTUAL_ENV")
    assert spec.env_stored == {"PATH": "/usr/bin:/bin", "VIRTUAL_ENV": "/venv"}
    assert "sk-secret" not in repr(spec)


def test_the_shell_is_bash_where_there_is_one(loaded: Loader, tmp_path: Path) -> None:
    (tmp_path / "bash").touch(mode=0o755)
    assert loaded("run: x", env={"PATH": str(tmp_path)}).shell == (f"{tmp_path}/bash", "-c")
    assert loaded("run: x", env={"PATH": "/nowhere"}).shell == ("/bin/sh", "-c")


def test_the_state_directory(loaded: Loader, tmp_path: Path) -> None:
    spec = loaded("run: x\nbatch: a b%c", state_root=tmp_path / "elsewhere")
    assert spec.directory == str(tmp_path / "elsewhere/a%20b%25c")


def test_a_batch_file_in_its_state_directory_belongs_to_it(loaded: Loader, tmp_path: Path) -> None:
    (tmp_path / ".overnight/eval").mkdir(parents=True)
    spec = loaded("run: x\nbatch: eval", name=".overnight/eval/batch.yaml")
    assert spec.directory == str(tmp_path / ".overnight/eval")


def test_a_batch_is_called_after_its_file(loaded: Loader) -> None:
    assert loaded("run: x", name="my night!.yaml").name == "my-night"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("parallel: 3", ["night.yaml:1: nothing to run: give it run, tasks or groups"]),
        ("groups: {}", ["night.yaml:1: groups has no groups"]),
        (
            "for: {a: [b]}\nid: x\ngroups: {g: {run: x}}",
            [
                "night.yaml:1: for: stands beside groups; put it into one of them",
                "night.yaml:2: id: stands beside groups; put it into one of them",
            ],
        ),
        (
            "limits: {trapi: {}}\nrun: x\nlimit: trapy",
            [
                "night.yaml:3: limit: 'trapy' is not under limits, did you mean \"trapi\"? (else"
                " declare it there: trapy: {})"
            ],
        ),
        (
            "run: x {model}\nfor: {model: [a]}\nbreaker: {per: modle}",
            [
                "night.yaml:3: breaker.per: 'modle' is no key under `for` of night/a,"
                ' did you mean "model"?'
            ],
        ),
        (
            "groups:\n  g: {run: x, breaker: {per: [model]}}",
            ["night.yaml:2: groups.g.breaker.per: 'model' is no key under `for` of g/x"],
        ),
        (
            "run: x\nlimit: a/b",
            [
                "night.yaml:2: limit: 'a/b' is no name: no spaces around it, none of / * ? [ ] { },"
                " not empty, not beginning with - : or ,"
            ],
        ),
        (
            "run: x {a}: y",
            [
                "night.yaml:1: not valid YAML: mapping values are not allowed here: run: x {a}: y"
                ' (put the whole command in quotes, or write it below "run: |")'
            ],
        ),
    ],
)
def test_faults(refusals: Refusals, text: str, faults: list[str]) -> None:
    assert refusals(text) == faults


ALL_WRONG = """\
batch: x
parallelx: 4
timezone: America/Los_Angles
hours: 22-07:30
groups:
  corebench:
    retry: {attemptss: 4, base: 30}
    tasks:
      - {id: a, run: {name}}
      - {id: b, run: "true", timeout: 3h}
  scicode:
    tasks:
      - {id: a, run: "true", needs: [b, nothere]}
      - {id: b, run: "true", needs: [a]}
      - {id: b, run: "false"}
"""


def test_everything_wrong_is_told_at_once(refusals: Refusals) -> None:
    assert refusals(ALL_WRONG) == [
        'night.yaml:2: parallelx: unknown key, did you mean "parallel"?',
        "night.yaml:3: timezone: no time zone is called 'America/Los_Angles', did you mean"
        ' "America/Los_Angeles"?',
        "night.yaml:4: hours: '22-07:30' is no range of times of day: write it like 22:00-07:30",
        "night.yaml:7: groups.corebench.retry.base: '30' has no unit: write 30s, 30m or 30h",
        'night.yaml:7: groups.corebench.retry.attemptss: unknown key, did you mean "attempts"?',
        "night.yaml:9: groups.corebench.tasks[0].run: expected a command, found keys; text that"
        " begins with { needs quotes",
        "night.yaml:10: groups.corebench.tasks[1].timeout: unknown key here: it belongs to the"
        " group, not to a single task",
        "night.yaml:13: groups.scicode.tasks[0].needs: no task or group is called 'nothere'",
        "night.yaml:13: groups.scicode.tasks[0].needs: a circle: scicode/a needs scicode/b needs"
        " scicode/a",
        "night.yaml:15: groups.scicode.tasks[2].id: two tasks would be called 'scicode/b':"
        " 'false', and 'true' (line 14); use more {names} in the id",
    ]


def test_what_cannot_be_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("run: größe".encode("latin-1"))
    for path, message in (
        (tmp_path / "no.yaml", "cannot read it: No such file or directory"),
        (tmp_path, "cannot read it: Is a directory"),
        (latin, "is not UTF-8 text: invalid start byte at 7"),
    ):
        with pytest.raises(ConfigError) as error:
            load(path, env={}, now=NOW)
        assert error.value.problems == (f"{path}: {message}",)


@pytest.mark.parametrize("record", ["engine.json", "launch.json"])
def test_two_files_with_one_batch_name_are_refused(
    loaded: Loader, tmp_path: Path, record: str
) -> None:
    other = tmp_path / "other.yaml"
    other.touch()
    state = tmp_path / ".overnight/same"
    state.mkdir(parents=True)
    document = {"source": str(other)}
    text = json.dumps(document if record == "engine.json" else {"spec": document})
    (state / record).write_text(text)
    with pytest.raises(ConfigError) as error:
        loaded("run: x\nbatch: same")
    assert error.value.problems == (
        f"{tmp_path}/night.yaml: the batch 'same' in {state} belongs to {other}; give one of the"
        " two another name with `batch:`",
    )
    other.rename(tmp_path / "renamed.yaml")
    loaded("run: x\nbatch: same")
    (state / record).write_text("torn {")
    loaded("run: x\nbatch: same")
    (state / record).write_text(json.dumps({"source": f"{state}/batch.yaml"}))
    (state / "batch.yaml").touch()
    loaded("run: x\nbatch: same")


@pytest.mark.parametrize(
    ("clock", "zone", "moment"),
    [
        ((3, 46), "UTC", "2026-02-18T03:46:00+00:00"),
        ((3, 47), "UTC", "2026-02-17T03:47:00+00:00"),
        ((19, 46), "America/Los_Angeles", "2026-02-18T03:46:00+00:00"),
        ((19, 47), "America/Los_Angeles", "2026-02-17T03:47:00+00:00"),
    ],
)
def test_the_next_time_of_day(clock: tuple[int, int], zone: str, moment: str) -> None:
    assert datetime.fromtimestamp(next_at(clock, zone, NOW), UTC).isoformat() == moment


def test_a_time_of_day_without_zone_is_the_machines() -> None:
    local = datetime.fromtimestamp(next_at((6, 0), None, NOW)).astimezone()
    assert (local.hour, local.minute) == (6, 0)


def test_twenty_thousand_tasks_expand_quickly(loaded: Loader, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("".join(f"{n:07}\n" for n in range(10_000)))
    begun = time.process_time()
    spec = loaded(
        """
        run: python eval.py --id {id} --model {model}
        for: {id: {lines: ids.txt}, model: [a, Qwen/Qwen2.5-7B]}
        env: {OUT: "out/{id}"}
        """
    )
    took_s = time.process_time() - begun
    assert len(spec.tasks) == 20_000
    assert took_s < 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    value=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
    words=st.lists(
        st.text(st.characters(exclude_characters="\0{}", exclude_categories=["Cs"]), max_size=10),
        min_size=1,
        max_size=3,
    ).filter(lambda words: bool(words[0])),
)
def test_any_text_survives(loaded: Loader, value: str, words: list[str]) -> None:
    """What stands in the file arrives in the command, whatever it is."""
    spec = loaded(emitted({"run": [*words, "{x}"], "id": "t", "for": {"x": [value]}}))
    made = render(spec.tasks[0], shell=spec.shell, attempt=1, slot=1, task_dir="/")
    assert made.argv == (*words, value)


KEYS = ["batch", "run", "for", "except", "groups", "tasks", "g", "retry", "base", "needs", "limit",
        "env", "id", "parallel", "timeout", "first", "lines", "errors", "auth", "limits", "refresh",
        "success", "exit", "table", "at", "attempts", "cwd"]  # fmt: skip
LEAVES = st.sampled_from(["x", "4", "2s", "", "{a}", "1..5", "06:00", "null", "a/b", "*", "0"])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=15,
)


def problems(loaded: Loader, text: str) -> tuple[str, ...]:
    try:
        loaded(text)
    except ConfigError as error:
        return error.problems
    return ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(tree=st.dictionaries(st.sampled_from(KEYS), TREES))
def test_any_file_is_loaded_or_refused_with_lines(
    loaded: Loader, tmp_path: Path, tree: dict[str, object]
) -> None:
    found = problems(loaded, emitted(tree))
    assert all(problem.startswith(f"{tmp_path}/night.yaml:") for problem in found)


def test_hours_bring_the_offsets_of_the_zone(loaded: Loader) -> None:
    hours = loaded("{run: x, hours: 22:00-07:30, timezone: Asia/Kolkata}").hours
    assert hours == Hours(opens=1320, closes=450, offsets=((0.0, 19800),))
    assert loaded("run: x").hours is None


def test_what_was_read_beside_the_batch_file_is_known(loaded: Loader, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("1\n")
    (tmp_path / "runs.csv").write_text("x\n1\n")
    (tmp_path / "pack.yaml").write_text("rules: [{id: http.429, enabled: false}]\n")
    spec = loaded(
        """
        rules: [pack.yaml, {id: http.503, enabled: false}]
        groups:
          a: {run: "x {n}", for: {n: {lines: ids.txt}}}
          b: {run: "x {x}", for: {table: runs.csv}}
          c: {run: "x {f}", for: {f: {glob: "*.csv"}}}
        """
    )
    assert spec.inputs == tuple(str(tmp_path / n) for n in ("ids.txt", "runs.csv", "pack.yaml"))


def test_auto_parallel_makes_a_range_of_one_number(loaded: Loader, refusals: Refusals) -> None:
    night = "auto_parallel: {0}\nparallel: {1}\nrun: x"
    spec = loaded(night.format("true", "20")).groups[0]
    assert (spec.parallel_least, spec.parallel, spec.auto_parallel) == (1, 20, True)
    spec = loaded(night.format("true", "3..9")).groups[0]
    assert (spec.parallel_least, spec.parallel, spec.auto_parallel) == (3, 9, True)
    spec = loaded(night.format("false", "20")).groups[0]
    assert (spec.parallel_least, spec.auto_parallel) == (None, False)
    assert "idle containers" in str(effective(loaded(night.format("true", "20"))))
    assert refusals(night.format("yes", "20"))
