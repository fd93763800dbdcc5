"""What explains the containers of an attempt is saved before it stops; what it left then ends."""

from pathlib import Path

from supervisor.core.ownership import BY_TIME
from supervisor.core.wish import Wish
from supervisor.ports import Ref
from tests.engine.dock import A, B, Dock
from tests.fakes.night import group, task

REF = Ref(A, 1)


async def test_all_is_saved_before_and_what_is_left_ends_after(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    own, other = dock.add("own"), dock.add("other", B)
    await dock.stops.before_stop([REF])
    assert dock.there.kept_at == {own: tmp_path / "tasks/g/a/attempt-1/containers"}
    assert dock.there.ended == []
    await dock.stops.after_stop([REF])
    assert dock.there.ended == [own]
    assert other in dock.there.made
    assert dock.ends == {"own": "removed"}


async def test_one_that_is_ours_by_time_alone_is_left_to_a_sweep(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    dock.add("maybe", proof=BY_TIME)
    dock.add("foreign", None, None, owned=False)
    await dock.stops.after_stop([REF])
    assert dock.there.ended == []


async def test_leftovers_stay_where_the_operator_wants_them(tmp_path: Path) -> None:
    dock = Dock(tmp_path, groups=[group(leave_leftovers=True)])
    dock.add("own")
    await dock.stops.after_stop([REF])
    assert dock.there.ended == []


async def test_a_tasks_own_container_is_its_backends(tmp_path: Path) -> None:
    dock = Dock(tmp_path, task("g/a", container=Wish(image="x")))
    dock.add("own")
    await dock.stops.before_stop([REF])
    await dock.stops.after_stop([REF])
    assert dock.there.kept_at == {}
    assert dock.there.ended == []


async def test_an_engine_that_does_not_answer_keeps_no_stop_from_happening(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    dock.add("own")
    dock.there.silent = dock.silent = "no answer"
    await dock.stops.before_stop([REF])
    await dock.stops.after_stop([REF])
    assert dock.there.ended == []
    dock.watched = False
    await dock.stops.before_stop([REF])


async def test_attempts_without_containers_cost_no_look(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    await dock.stops.before_stop([REF])
    await dock.stops.after_stop([REF])
    assert dock.looked == 0
