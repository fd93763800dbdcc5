"""How busy the engine of the containers and its machine are."""

from supervisor.core.containers import ContainersNow
from supervisor.engine.container_load import Load
from supervisor.ports import Daemon, Seen


def seen(at: float, cpu_s: float | None, host_cpu_s: float | None) -> Seen:
    daemon = Daemon(endpoint="x", cores=8, cpu_s=cpu_s, host_cpu_s=host_cpu_s)
    return Seen(at=at, daemon=daemon, containers=())


def test_the_first_look_tells_only_how_large_the_machine_is() -> None:
    now = Load().taken(seen(10.0, 5.0, 50.0), ContainersNow(trouble="silent"))
    assert now == ContainersNow(host_cores=8)


def test_each_look_is_compared_with_the_one_before() -> None:
    load = Load()
    load.taken(seen(10.0, 5.0, 50.0), ContainersNow())
    now = load.taken(seen(20.0, 9.0, 75.0), ContainersNow())
    assert (now.daemon_busy, now.host_busy) == (0.4, 2.5)
    anew = load.taken(seen(30.0, 1.0, 80.0), now)
    assert (anew.daemon_busy, anew.host_busy) == (0.0, 0.5)
    hidden = load.taken(seen(40.0, None, None), anew)
    assert (hidden.daemon_busy, hidden.host_busy) == (None, None)
