"""``image`` and ``docker`` in a batch file."""

from pathlib import Path

from supervisor.config.checks import machine_problems
from supervisor.config.effective import effective
from supervisor.config.json_schema import json_schema
from supervisor.core.command import fingerprint, render
from supervisor.core.wish import DOCKER, IN_CONTAINER, Volume, Wish
from tests.config.conftest import Loader, Refusals

NIGHT = """
docker: {pull: never, memory: 8g}
groups:
  plain: {run: "true"}
  judge:
    image: my/eval:{tag}
    docker: {volumes: ["./data:/data", "cache:/c:ro"], gpus: all, user: "1000", cpus: 1.5}
    tasks:
      - {id: a, run: [python, eval.py], for: {tag: [v1]}}
      - {id: b, run: eval | tee x, image: other, docker: {memory: 1g, entrypoint: []}}
      - {id: c, run: "true", image: ""}
"""


def test_keys_are_merged_from_the_top_down(loaded: Loader, tmp_path: Path) -> None:
    plain, a, b, c = loaded(NIGHT).tasks
    assert plain.container is None
    assert c.container is None
    assert a.container == Wish(
        image="my/eval:v1",
        volumes=(
            Volume(source=str(tmp_path / "data"), target="/data"),
            Volume(source="cache", target="/c", read_only=True),
        ),
        memory_bytes=8 << 30,
        cpus=1.5,
        gpus="all",
        user="1000",
        pull="never",
    )
    assert b.container is not None
    assert (b.container.image, b.container.memory_bytes) == ("other", 1 << 30)
    assert b.container.entrypoint == ()


def test_container_tasks_share_a_limit(loaded: Loader) -> None:
    spec = loaded(NIGHT)
    assert [task.limits for task in spec.tasks] == [
        ("plain",),
        ("judge", DOCKER),
        ("judge", DOCKER),
        ("judge",),
    ]
    assert DOCKER in [limit.name for limit in spec.limits]


def test_the_image_belongs_to_the_work(loaded: Loader) -> None:
    one, other = (
        loaded(f"run: x\nimage: {image}\ndocker: {{memory: {memory}}}").tasks[0]
        for image, memory in (("a", "1g"), ("b", "1g"))
    )
    more = loaded("run: x\nimage: a\ndocker: {memory: 2g}").tasks[0]
    shell = ("/bin/sh", "-c")
    assert fingerprint(one, shell) != fingerprint(other, shell)
    assert fingerprint(one, shell) == fingerprint(more, shell)


def test_commands_are_rendered_for_the_inside(loaded: Loader) -> None:
    text = "run: {run}\nimage: a-{{task}}\nsetup: '{setup}'\nid: t"
    plain, words, both = (
        render(
            loaded(text.format(run=run, setup=setup)).tasks[0],
            shell=("/opt/bash", "-c"),
            attempt=1,
            slot=1,
            task_dir="/t",
        )
        for run, setup in (("a | b", ""), ("[a, b]", ""), ("[a, b]", "s"))
    )
    assert plain.argv == (*IN_CONTAINER, "a | b")
    assert plain.container is not None
    assert plain.container.image == "a-night/t"
    assert words.argv == ("a", "b")
    assert both.argv == (*IN_CONTAINER, '{ s\n} || exit\nexec "$@"', "sh", "a", "b")


def test_faults_are_named(refusals: Refusals) -> None:
    assert refusals("run: x\nimage: i\ndocker: {memory: much, volume: [a]}") == [
        "night.yaml:3: docker.memory: 'much' is no amount of memory: write it like 8g or 512m",
        'night.yaml:3: docker.volume: unknown key, did you mean "volumes"?',
    ]
    assert refusals("tasks: [{run: x, docker: {user: me}}]") == [
        "night.yaml:1: tasks[0].docker: does nothing without image: give it one"
    ]


def test_check_tells_values_and_what_is_missing(loaded: Loader, tmp_path: Path) -> None:
    spec = loaded(NIGHT)
    judge = effective(spec)["groups"]["judge"]
    assert judge["image"] == ["my/eval:v1", "other"]
    assert judge["docker"][0].startswith("pull never; memory 1024MiB; cpus 1.5; gpus all")
    assert "image" not in effective(spec)["groups"]["plain"]
    problems = machine_problems(spec, env={"PATH": "/usr/bin:/bin"}, free_bytes=lambda path: 1)
    assert problems == [f"judge/a: docker.volumes: {tmp_path}/data does not exist"]


def test_the_schema_knows_them() -> None:
    text = str(json_schema())
    assert "Run in a container of this image" in text
    assert "in the words of ``docker run``" in text
