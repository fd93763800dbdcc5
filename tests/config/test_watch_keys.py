"""The key ``containers``, and what it says for whom."""

from pathlib import Path

import pytest

from supervisor.config.data import folders
from supervisor.config.effective import effective
from supervisor.config.load import load
from supervisor.config.profiles import load_profiles
from supervisor.core.container_rules import USUAL, ContainerRules
from supervisor.core.containers import Sentinels
from supervisor.core.models import BatchSpec
from supervisor.ports import ConfigError


def loaded(tmp_path: Path, text: str) -> BatchSpec:
    path = tmp_path / "night.yaml"
    path.write_text(text)
    return load(path, env={"PATH": "/bin"}, now=0.0)


def test_one_pattern_is_short_for_a_name(tmp_path: Path) -> None:
    spec = loaded(tmp_path, 'run: "true"\ncontainers: "agentrun--*"\n')
    assert spec.groups[0].containers == ContainerRules(name=("agentrun--*",))


def test_every_key(tmp_path: Path) -> None:
    text = """\
run: "true"
containers:
  name: [a-*, b-*]
  image: lab/*
  label: team=x
  project: p-*
  workspace: /w
  error: [/w/failed, /w/error.log]
  output: /w/done
  id_file: /w/in.json
  dead_after: 90m
"""
    assert loaded(tmp_path, text).groups[0].containers == ContainerRules(
        name=("a-*", "b-*"),
        image=("lab/*",),
        label=("team=x",),
        project=("p-*",),
        sentinels=Sentinels(
            workspace="/w",
            error_files=("/w/failed", "/w/error.log"),
            output_files=("/w/done",),
            id_file="/w/in.json",
        ),
        dead_after_s=5400.0,
    )


@pytest.mark.parametrize("path", ["workspace", "/workspace/../etc/shadow", "~/x"])
def test_paths_are_absolute_and_stay_inside(tmp_path: Path, path: str) -> None:
    text = f'run: "true"\ncontainers:\n  name: a\n  error: {path}\n'
    with pytest.raises(ConfigError, match=r"night\.yaml:4.*no absolute path inside"):
        loaded(tmp_path, text)


def test_what_the_top_says_holds_for_groups_and_each_may_say_more(tmp_path: Path) -> None:
    text = """\
containers: {name: "agentrun--*", dead_after: 1h}
groups:
  a: {run: "true"}
  b: {run: "true", containers: {name: "other-*"}}
"""
    a, b = (group.containers for group in loaded(tmp_path, text).groups)
    assert a is not None
    assert b is not None
    assert (a.name, a.dead_after_s) == (("agentrun--*",), 3600.0)
    assert (b.name, b.dead_after_s) == (("other-*",), 3600.0)


def test_check_tells_what_is_shown(tmp_path: Path) -> None:
    told = effective(loaded(tmp_path, 'run: "true"\ncontainers: {name: "a-*", dead_after: 1h}\n'))
    assert told["groups"]["night"]["containers"] == [
        "name a-*, failed once /workspace/error.log is there, dead after 1h of silence"
    ]
    assert "containers" not in effective(loaded(tmp_path, 'run: "true"\n'))["groups"]["night"]
    hal = effective(loaded(tmp_path, "run: hal-eval --benchmark x\nbatch: h\n"))
    assert hal["groups"]["h"]["containers"][0].startswith("name agentrun--*")


def test_runners_that_make_containers_say_so_themselves() -> None:
    profiles = load_profiles(folders("configs/runners", {}))
    rules = {name: one.containers for name, one in profiles.items() if one.containers is not None}
    assert {name: (one.name, one.project) for name, one in rules.items()} == {
        "hal": (("agentrun--*",), ()),
        "inspect": ((), ("inspect-*",)),
        "inspect-set": ((), ("inspect-*",)),
        "swebench": (("sweb.eval.*.{run_id}",), ()),
    }
    assert rules["hal"].sentinels.id_file == "/workspace/input.json"
    assert rules["inspect"].sentinels == USUAL
