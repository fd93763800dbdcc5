"""What an attempt runs, checked by letting real shells run it."""

import subprocess
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.command import fingerprint, render, variable
from supervisor.core.models import GroupId, TaskId, TaskSpec

BASH = ("/bin/bash", "-c")
SH = ("/bin/sh", "-c")
TASK = TaskSpec(
    id=TaskId("g/t"),
    group=GroupId("g"),
    run="true",
    params={"x": "a b", "model": "Qwen/7B"},
    cwd="/",
)


def argv(run: str | tuple[str, ...], **changes: object) -> tuple[str, ...]:
    task = replace(TASK, run=run, **changes)  # type: ignore[arg-type]
    return render(task, shell=SH, attempt=1, slot=3, task_dir="/s/tasks/g/t").argv


def output(run: str | tuple[str, ...], *, shell: tuple[str, ...] = BASH, **changes: object) -> str:
    task = replace(TASK, run=run, **changes)  # type: ignore[arg-type]
    made = render(task, shell=shell, attempt=1, slot=3, task_dir="/s/tasks/g/t")
    done = subprocess.run(made.argv, env=made.env, capture_output=True, text=True, check=True)
    return done.stdout


def test_only_declared_names_are_replaced() -> None:
    assert argv("f {x} {y} {model} ${HOME} {a,b} {}") == (
        *SH,
        "f 'a b' {y} Qwen/7B ${HOME} {a,b} {}",
    )


def test_what_an_attempt_knows_of_itself_is_filled_in() -> None:
    assert argv(("f", "{task}", "{attempt}-{slot}", "{task_dir}/out")) == (
        "f",
        "g/t",
        "1-3",
        "/s/tasks/g/t/out",
    )


def test_a_list_takes_values_plainly() -> None:
    assert argv(("f", "--x={x}")) == ("f", "--x=a b")


def test_values_are_not_expanded_again() -> None:
    params = {"x": "{y}", "y": "{x}"}
    assert argv(("f", "{x}{y}"), params=params) == ("f", "{y}{x}")
    assert argv("f {x}{y}", params=params) == (*SH, "f '{y}''{x}'")


PLACES = {
    "bare": "printf %s {x}",
    "inside a word": "printf %s a={x}.json | sed 's/^a=//; s/[.]json$//'",
    "single quotes": "printf %s '{x}'",
    "double quotes": 'printf %s "{x}"',
    "substitution in double quotes": 'printf %s "$(printf %s {x})"',
    "quotes in substitution in quotes": 'printf %s "$(printf %s "{x}")"',
    "substitution": 'y=$(printf %s {x}); printf %s "$y"',
    "default value": 'printf %s "${nothing:-"{x}"}"',
    "quoted default value": 'printf %s "${nothing:-{x}}"',
    "plain default value": 'y=${nothing:-{x}}; printf %s "$y"',
    "after a comment with a quote": "# don't\nprintf %s {x}",
    "after an escaped quote": "printf %s \\'{x} | cut -c2-",
    "after quoted braces": "printf '%s' '' \"\"{x}",
    "here document": "cat <<END\n{x}\nEND\n",
    "quoted here document": "cat <<'END'\n{x}\nEND\n",
    "after a here document": "cat <<-END >/dev/null\n\tdon't\n\tEND\nprintf %s {x}",
    "subshell": "(printf %s '' {x})",
}


@pytest.mark.parametrize("shell", [BASH, SH], ids=["bash", "sh"])
@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES.keys())
@pytest.mark.parametrize(
    "value",
    ["a b", "it's", 'say "hi"', "$HOME `id` $(id)", "back\\slash\\n", "*", "x;false", "{x}"],
)
def test_a_value_arrives_whole_wherever_it_stands(
    shell: tuple[str, ...], text: str, value: str
) -> None:
    got = output(text, shell=shell, params={"x": value}, env={"PATH": "/usr/bin:/bin"})
    assert got.rstrip("\n") == value


def test_ansi_quotes_are_known() -> None:
    assert output("printf %s $'\\t{x}'", params={"x": "it's \\n"}) == "\tit's \\n"


@given(
    value=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
)
def test_any_value_is_one_argument(value: str) -> None:
    for text in ("f {x}", "f '{x}'", 'f "{x}"'):
        task = replace(TASK, run=text, params={"x": value})
        script = render(task, shell=SH, attempt=1, slot=1, task_dir="/").argv[-1]
        done = subprocess.run(
            ["/bin/sh", "-c", 'f() { printf "%s/%s" "$#" "$1"; }\n' + script],
            capture_output=True,
            check=True,
        )
        assert done.stdout == b"1/" + value.encode()


def test_setup_runs_in_the_same_shell() -> None:
    assert output('echo "$y"', setup="y={x} # why not") == "a b\n"
    assert output(("printf", "%s,", "{x}", "$y"), setup="cd /", env={"PATH": "/usr/bin:/bin"}) == (
        "a b,$y,"
    )


def test_a_failed_setup_ends_the_attempt_with_its_status() -> None:
    made = render(
        replace(TASK, setup="(exit 7)", run="echo no"), shell=BASH, attempt=1, slot=1, task_dir="/"
    )
    done = subprocess.run(made.argv, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (7, b"")


def test_bash_reports_the_failing_part_of_a_pipe() -> None:
    made = render(replace(TASK, run="false | true"), shell=BASH, attempt=1, slot=1, task_dir="/")
    assert made.argv == (*BASH, "set -o pipefail\nfalse | true")
    assert subprocess.run(made.argv, check=False).returncode == 1


def test_resume_replaces_run_after_the_first_attempt() -> None:
    task = replace(TASK, run="first", resume=("again", "{attempt}"))
    runs = [render(task, shell=SH, attempt=n, slot=1, task_dir="/").argv for n in (1, 2, 3)]
    assert runs == [(*SH, "first"), ("again", "2"), ("again", "3")]


def test_the_environment_names_the_attempt_and_its_parameters() -> None:
    task = replace(TASK, env={"MODE": "full"}, params={"model-name": "Qwen/7B"})
    assert render(task, shell=SH, attempt=2, slot=3, task_dir="/d").env == {
        "MODE": "full",
        "OVERNIGHT_TASK": "g/t",
        "OVERNIGHT_ATTEMPT": "2",
        "OVERNIGHT_SLOT": "3",
        "OVERNIGHT_TASK_DIR": "/d",
        "OVERNIGHT_MODEL_NAME": "Qwen/7B",
    }
    assert variable("top.p") == "OVERNIGHT_TOP_P"


@pytest.mark.parametrize(
    "change",
    [
        {"run": "other"},
        {"run": ("true",)},
        {"setup": "y=1"},
        {"cwd": "/tmp"},
        {"env": {"MODE": "fast"}},
    ],
)
def test_another_command_has_another_fingerprint(change: dict[str, object]) -> None:
    changed = replace(TASK, **change)  # type: ignore[arg-type]
    assert fingerprint(changed, BASH) != fingerprint(TASK, BASH)


@pytest.mark.parametrize(
    "change",
    [
        {"env_file": "/x/.env"},
        {"resume": "again"},
        {"params": {"x": "c"}},
        {"index": 9},
        {"needs": ("a",)},
    ],
)
def test_what_does_not_change_the_work_keeps_the_fingerprint(change: dict[str, object]) -> None:
    assert fingerprint(replace(TASK, **change), BASH) == fingerprint(TASK, BASH)  # type: ignore[arg-type]


def test_the_fingerprint_sees_used_values_and_the_shell() -> None:
    task = replace(TASK, run="f {x} {attempt}")
    assert fingerprint(task, BASH) == fingerprint(task, ("/usr/bin/bash", "-c"))
    assert fingerprint(task, BASH) != fingerprint(task, SH)
    assert fingerprint(task, BASH) != fingerprint(replace(task, params={"x": "c"}), BASH)
    listed = replace(TASK, run=("f", "{x}"))
    assert fingerprint(listed, BASH) == fingerprint(listed, SH)
