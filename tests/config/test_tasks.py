"""One task for each combination: ids, values, places."""

from pathlib import Path

import pytest

from supervisor.config.effective import effective
from supervisor.core.models import GpuNeed
from tests.config.conftest import Loader, Refusals


def ids(loaded: Loader, text: str) -> list[str]:
    return [task.id for task in loaded(text).tasks]


def test_default_ids_are_made_of_values(loaded: Loader) -> None:
    text = """
    run: x {capsule} {model}
    for: {capsule: ["0504157", on, 22:00, 1.10], model: [Qwen/Qwen2.5-7B]}
    """
    assert ids(loaded, text) == [
        "night/0504157-Qwen-Qwen2.5-7B",
        "night/on-Qwen-Qwen2.5-7B",
        "night/22-00-Qwen-Qwen2.5-7B",
        "night/1.10-Qwen-Qwen2.5-7B",
    ]


def test_ids_of_templates_are_taken_plainly(loaded: Loader) -> None:
    text = """
    run: x
    id: "capsule-{capsule}{other}"
    for: {capsule: [a/b, "{other}"]}
    """
    assert ids(loaded, text) == ["night/capsule-a/b{other}", "night/capsule-{other}{other}"]


def test_a_task_without_values_is_called_after_its_command(loaded: Loader) -> None:
    assert ids(loaded, "tasks: [{run: python train.py --lr 1e-3}, {run: [a, b c]}]") == [
        "night/python-train.py-lr-1e-3",
        "night/a-b-c",
    ]


def test_ids_do_not_depend_on_order(loaded: Loader) -> None:
    one = ids(loaded, "run: x\nfor: {a: [p q, p-q, r]}")
    two = ids(loaded, "run: x\nfor: {a: [r, p-q, p q]}")
    assert sorted(one) == sorted(two)
    assert len(set(one)) == 3


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (
            "run: x\nfor: {a: [p, p]}",
            [
                "night.yaml:1: two tasks would be called 'night/p': {a: p}, and {a: p} (line 1);"
                " give it an id"
            ],
        ),
        (
            "run: x\nid: one\nfor: {a: [p, q]}",
            [
                "night.yaml:2: id: two tasks would be called 'night/one': {a: q}, and {a: p}"
                " (line 1); use more {names} in the id"
            ],
        ),
        (
            "tasks:\n  - {id: t, run: x}\n  - {id: t, run: [y, z w]}",
            [
                "night.yaml:3: tasks[1].id: two tasks would be called 'night/t': \"y 'z w'\", and"
                " 'x' (line 2); use more {names} in the id"
            ],
        ),
        ("run: x\nid: ' a'", ["night.yaml:2: id: the id ' a' is empty or has spaces around it"]),
        ("run: x\nid: \"a\\tb\"", ["night.yaml:2: id: the id 'a\\tb' has control characters"]),
        ("tasks: [{id: a}]", ["night.yaml:1: tasks[0] has no run"]),
        ("tasks: []", ["night.yaml:1: tasks has no tasks"]),
        ("groups: {g: {parallel: 3}}", ["night.yaml:1: groups.g has no tasks: give it run, or tasks"]),
        (
            "for: {a: [b]}\ntasks: [{run: x}]",
            ["night.yaml:1: for: stands beside tasks; put it into them"],
        ),
        ("run: x\nexcept: [{a: b}]", ["night.yaml:2: except: needs a for beside it"]),
        (
            "run: x\nfor: {a: {lines: no.txt}}\nneeds: nobody",
            [
                "night.yaml:2: for.a: cannot read 'no.txt' in DIR: No such file or directory",
            ],
        ),
    ],
)  # fmt: skip
def test_faults(refusals: Refusals, tmp_path: Path, text: str, faults: list[str]) -> None:
    assert [fault.replace(str(tmp_path), "DIR") for fault in refusals(text)] == faults


def test_a_very_long_id_is_refused(refusals: Refusals) -> None:
    (fault,) = refusals(f"run: x\nid: {'a' * 1001}")
    assert fault.endswith("… is too long")


def test_work_is_inherited_and_overridden(loaded: Loader, tmp_path: Path) -> None:
    spec = loaded(
        """
        env: {A: top, B: top, C: top}
        setup: top-setup
        cwd: top
        env_file: .env
        limit: account
        groups:
          g:
            env: {B: group, C: group}
            run: group-run
            resume: [again]
            cwd: group
            tasks:
              - id: plain
              - id: own
                run: own-run
                env: {C: "{task}"}
                setup: ""
                cwd: /abs
                env_file: ""
                limit: [other, account]
        """
    )
    plain, own = spec.tasks
    assert (plain.run, plain.resume, plain.setup) == ("group-run", ("again",), "top-setup")
    assert plain.cwd == str(tmp_path / "group")
    assert plain.env_file == str(tmp_path / "group/.env")
    assert plain.env == {"A": "top", "B": "group", "C": "group"}
    assert plain.limits == ("account",)
    assert (own.run, own.setup, own.cwd, own.env_file) == ("own-run", None, "/abs", None)
    assert own.env == {"A": "top", "B": "group", "C": "{task}"}
    assert own.limits == ("other", "account")


def test_values_go_into_places(loaded: Loader, tmp_path: Path) -> None:
    spec = loaded(
        """
        run: x {gpu}
        for: {gpu: ["0", "1"]}
        cwd: work/{gpu}
        env: {OUT: "out/{gpu}/{nothing}", PLAIN: x}
        env_file: "{gpu}.env"
        limit: ["gpu-{gpu}", all]
        """
    )
    first, second = spec.tasks
    assert first.cwd == str(tmp_path / "work/0")
    assert first.env_file == str(tmp_path / "work/0/0.env")
    assert first.env == {"OUT": "out/0/{nothing}", "PLAIN": "x"}
    assert first.limits == ("gpu-0", "all")
    assert second.params == {"gpu": "1"}
    assert first.run is second.run


def test_files_of_values_are_found_from_cwd(loaded: Loader, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/ids.txt").write_text("a\n")
    text = "run: x\nfor: {id: {lines: ids.txt}}\ncwd: "
    assert ids(loaded, text + "data") == ["night/a"]
    (tmp_path / "ids.txt").write_text("b\n")
    assert ids(loaded, text + '"data/{id}"') == ["night/b"]


def test_a_home_directory_may_be_a_tilde(
    loaded: Loader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert loaded("run: x\ncwd: ~/a").tasks[0].cwd == str(tmp_path / "a")


def test_sources_keep_their_names_and_are_the_group_s_unless_the_task_has_its_own(
    loaded: Loader,
) -> None:
    text = """
    sources: results/{a}/**/result.json
    groups:
      g:
        tasks:
          - {run: x, id: "{a}", for: {a: [p, q]}}
          - {run: y, id: own, sources: [one.log, two.log]}
    """
    assert [task.sources for task in loaded(text).tasks] == [
        ("results/{a}/**/result.json",),
        ("results/{a}/**/result.json",),
        ("one.log", "two.log"),
    ]


def test_a_task_may_weigh_more_than_its_group(loaded: Loader) -> None:
    spec = loaded("{run: x, weight: 2, tasks: [{id: a}, {id: b, weight: 3}]}")
    assert [task.weight for task in spec.tasks] == [2, 3]
    assert [task.weight for task in loaded("run: x").tasks] == [1]


def test_gpus_of_a_task_over_those_of_its_group(loaded: Loader) -> None:
    spec = loaded(
        """
        gpus: {free: 20GiB, of: [0, 1]}
        tasks:
          - {id: a, run: x}
          - {id: b, run: x, gpus: {count: 2}}
        """
    )
    assert [task.gpus for task in spec.tasks] == [
        GpuNeed(free_bytes=20 << 30, of=(0, 1)),
        GpuNeed(count=2, free_bytes=20 << 30, of=(0, 1)),
    ]
    assert effective(spec)["groups"]["night"]["gpus"] == [
        "1 of 0, 1 with 20GiB free, used by nobody else",
        "2 of 0, 1 with 20GiB free, used by nobody else",
    ]
    assert loaded("run: x\ngpus: {}").tasks[0].gpus == GpuNeed()


def test_gpus_that_cannot_be(refusals: Refusals) -> None:
    assert refusals("run: x\ngpus: {count: 3, of: [0, 1]}") == [
        "night.yaml:2: gpus: 3 of 2 GPUs cannot be had"
    ]
    assert refusals("run: x\ngpus: {of: [1, 1]}") == [
        "night.yaml:2: gpus.of: expected indexes such as [0, 1], each once"
    ]
