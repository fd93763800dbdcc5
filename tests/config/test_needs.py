"""What tasks wait for, by name, by glob, and never in a circle."""

from tests.config.conftest import Loader, Refusals

TEXT = """
groups:
  prep:
    tasks:
      - {{id: "data/a", run: x}}
      - {{id: b, run: x}}
  stage:
    needs: {group}
    tasks:
      - {{id: b, run: x, needs: {task}}}
      - {{id: last, run: x}}
"""


def needs(loaded: Loader, group: str, task: str) -> dict[str, tuple[str, ...]]:
    spec = loaded(TEXT.format(group=group, task=task))
    return {task.id: task.needs for task in spec.tasks if task.needs}


def test_groups_and_tasks(loaded: Loader) -> None:
    assert needs(loaded, "prep", "last") == {
        "stage/b": ("prep", "stage/last"),
        "stage/last": ("prep",),
    }
    assert needs(loaded, "[]", "[data/a, prep/b]") == {"stage/b": ("prep/data/a", "prep/b")}


def test_globs_leave_out_the_task_itself(loaded: Loader) -> None:
    assert needs(loaded, "[]", '"*/b"') == {"stage/b": ("prep/b",)}
    assert needs(loaded, "[]", '"*a*"') == {"stage/b": ("prep/data/a", "stage/last")}


def test_a_glob_over_all_of_a_group_is_the_group(loaded: Loader) -> None:
    assert needs(loaded, '"prep/*"', "[]") == {"stage/b": ("prep",), "stage/last": ("prep",)}


def test_an_id_of_the_own_group_comes_first(loaded: Loader) -> None:
    spec = loaded(
        """
        groups:
          a: {tasks: [{id: x, run: t}, {id: y, run: t, needs: x}]}
          b: {tasks: [{id: x, run: t}]}
        """
    )
    assert spec.tasks[1].needs == ("a/x",)


def test_needs_may_hold_values(loaded: Loader) -> None:
    spec = loaded(
        """
        groups:
          prep: {run: x, for: {c: ["1", "2"]}, id: "{c}"}
          stage: {run: y, for: {c: ["1", "2"]}, id: "{c}", needs: "prep/{c}"}
        """
    )
    assert [task.needs for task in spec.tasks[2:]] == [("prep/1",), ("prep/2",)]


def test_unknown_names(refusals: Refusals) -> None:
    text = TEXT.format(group="[]", task="[prp, nothing, 'no*']")
    assert refusals(text) == [
        "night.yaml:10: groups.stage.tasks[0].needs: no task or group is called 'prp', did you"
        ' mean "prep"?',
        "night.yaml:10: groups.stage.tasks[0].needs: no task or group is called 'nothing'",
        "night.yaml:10: groups.stage.tasks[0].needs: 'no*' matches no task",
    ]


def test_a_name_that_two_groups_have(refusals: Refusals) -> None:
    text = """
    groups:
      a: {tasks: [{id: x, run: t}]}
      b: {tasks: [{id: x, run: t}]}
      c: {tasks: [{id: y, run: t, needs: x}]}
    """
    assert refusals(text) == ["night.yaml:5: groups.c.tasks[0].needs: 'x' could be a/x or b/x"]


def test_circles_are_named(refusals: Refusals) -> None:
    text = """
    groups:
      a: {tasks: [{id: x, run: t, needs: b}]}
      b: {tasks: [{id: y, run: t, needs: z}, {id: z, run: t, needs: a/x}]}
    """
    (fault,) = refusals(text)
    assert fault.startswith("night.yaml:")
    circle = fault.partition("a circle: ")[2].split(" needs ")
    assert circle[0] == circle[-1]
    assert set(circle) <= {"a/x", "b", "b/y", "b/z"}


def test_a_group_cannot_need_itself(refusals: Refusals) -> None:
    (fault,) = refusals("groups: {a: {run: t, id: x, needs: a}}")
    assert "a circle: a needs a/x needs a" in fault or "a circle: a/x needs a needs a/x" in fault


def test_many_tasks_may_need_many(loaded: Loader) -> None:
    values = ", ".join(str(n) for n in range(500))
    spec = loaded(
        f"""
        groups:
          one: {{run: x, for: {{n: [{values}]}}}}
          two: {{run: x, for: {{n: [{values}]}}, needs: "one/*0"}}
        """
    )
    assert len(spec.tasks[-1].needs) == 50
    assert spec.tasks[-1].needs is spec.tasks[-2].needs


def test_a_share_and_an_end_may_be_needed(loaded: Loader) -> None:
    assert needs(loaded, "{group: prep, done: 90%}", "[{task: last, when: ended}]") == {
        "stage/b": ("{group: prep, done: 90%}", "{task: stage/last, when: ended}"),
        "stage/last": ("{group: prep, done: 90%}",),
    }
    assert needs(loaded, "[]", "[{task: '*/b', when: ended}, {group: prep}]") == {
        "stage/b": ("{task: prep/b, when: ended}", "prep")
    }


def test_what_is_needed_in_part_must_exist(refusals: Refusals) -> None:
    text = TEXT.format(group="{group: prp, done: 90%}", task="[{task: nobody, when: ended}]")
    found = refusals(text)
    assert any("no group is called 'prp', did you mean \"prep\"?" in one for one in found)
    assert any("no task or group is called 'nobody'" in one for one in found)


def test_a_circle_through_a_share_is_a_circle(refusals: Refusals) -> None:
    (found,) = refusals(TEXT.format(group="[]", task="[{group: stage, done: 50%}]"))
    assert found.endswith("a circle: stage/b needs stage needs stage/b")
