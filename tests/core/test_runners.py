"""Commands choose their profile, and say where their results lie."""

from types import MappingProxyType

import pytest

from supervisor.core.runners import GENERIC, Option, RunnerProfile, chosen, option_values

INSPECT = RunnerProfile(
    name="inspect",
    commands=(r"(?:^|[\s;&|/])inspect\s+eval(?:-set|-retry)?(?:\s|$)",),
    options=MappingProxyType(
        {"log_dir": Option(flags=("--log-dir",), env="INSPECT_LOG_DIR", default="logs")}
    ),
)
HAL = RunnerProfile(name="hal", commands=(r"(?:^|[\s/])hal-eval(?:\s|$)",))


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("inspect eval task.py --model openai/x", "inspect"),
        ("/opt/venv/bin/inspect eval-set a.py b.py", "inspect"),
        ("source .venv/bin/activate && hal-eval --benchmark swebench", "hal"),
        ("python inspect_the_eval.py", GENERIC),
        ("", GENERIC),
    ],
)
def test_the_command_chooses_the_profile(command: str, name: str) -> None:
    assert chosen(command, (INSPECT, HAL)) == name


@pytest.mark.parametrize(
    ("command", "env", "value"),
    [
        ("inspect eval t.py", {}, "logs"),
        ("inspect eval t.py", {"INSPECT_LOG_DIR": "there"}, "there"),
        ("inspect eval --log-dir a t.py", {"INSPECT_LOG_DIR": "there"}, "a"),
        ("inspect eval --log-dir=a t.py && inspect eval --log-dir 'b c' u.py", {}, "b c"),
        ('inspect eval t.py --log-dir="x y"', {}, "x y"),
        ("inspect eval t.py --log-dir=logs/'a b'/\"c d\"\\ e; true", {}, "logs/a b/c d e"),
        ("inspect eval t.py --log-directory a", {}, "logs"),
    ],
)
def test_options_come_from_command_environment_default(
    command: str, env: dict[str, str], value: str
) -> None:
    assert option_values(INSPECT, command, env) == {"log_dir": value}


def test_an_option_nobody_gives_is_not_there() -> None:
    profile = RunnerProfile(
        name="x",
        options=MappingProxyType({"run_id": Option(flags=("--run_id",)), "n": Option(flags=())}),
    )
    assert option_values(profile, "swebench --dataset d", {}) == {}
