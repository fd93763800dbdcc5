"""Names mean what they say; what means nothing gets a hint."""

from supervisor.core.models import TaskId
from supervisor.core.targets import no_such, select
from tests.fakes.night import begun

BATCH = begun(["core/a", "core/b", "col/a", "col/c", "col/[x]"])


def test_ids_groups_globs_and_bare_names() -> None:
    assert select(BATCH, ("col", "core/b")).ids == ("core/b", "col/a", "col/c", "col/[x]")
    assert select(BATCH, ("*/a",)).ids == ("core/a", "col/a")
    selection = select(BATCH, ("c", "col/[x]"))
    assert selection.ids == ("col/c", "col/[x]")
    assert selection.named == {TaskId("col/c"), TaskId("col/[x]")}


def test_what_means_nothing_or_too_much_is_a_problem() -> None:
    selection = select(BATCH, ("a", "x*", "cor"))
    assert selection.ids == ()
    assert selection.problems == (
        "'a' is the name of several tasks: core/a, col/a",
        "no task matches 'x*'",
        "there is no task or group 'cor'; did you mean core, core/b, core/a?",
    )


def test_a_name_that_is_near_to_nothing_gets_no_hint() -> None:
    assert no_such(BATCH, "zzzzzz") == "there is no task, group or limit 'zzzzzz'"
