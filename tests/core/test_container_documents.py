"""What scripts read of containers."""

from supervisor.core.container_documents import containers, counts
from supervisor.core.containers import ContainerCounts, ContainerRow
from supervisor.core.names import TaskId

CONTRACT = {
    "name",
    "id",
    "image",
    "task",
    "owned",
    "state",
    "cores",
    "cpu_percent",
    "mem_bytes",
    "pids",
    "quiet_for_s",
    "age_s",
    "why",
}


def test_every_promised_key_is_there() -> None:
    row = ContainerRow(
        id="1",
        name="agentrun--x",
        image="i",
        task=TaskId("g/t"),
        owned=True,
        state="idle",
        quiet_since=40.0,
        created_at=10.0,
        cores=0.001,
    )
    (one,) = containers([row], 100.4)
    assert set(one) >= CONTRACT
    assert (one["task"], one["owned"], one["quiet_for_s"], one["age_s"]) == ("g/t", True, 60, 90)
    assert one["name"] == "agentrun--x"


def test_the_dead_come_first_and_of_them_the_longest_dead() -> None:
    rows = [
        ContainerRow(id="1", name="a", image="i", state="busy"),
        ContainerRow(id="2", name="b", image="i", state="dead_idle", quiet_since=50.0),
        ContainerRow(id="3", name="c", image="i", state="dead_idle", quiet_since=20.0),
        ContainerRow(id="4", name="d", image="i", state="idle"),
        ContainerRow(id="5", name="e", image="i", state="exited"),
    ]
    found = containers(rows, 100.0)
    assert [one["id"] for one in found] == ["3", "2", "4", "1", "5"]
    assert (found[-1]["quiet_for_s"], found[-1]["cores"]) == (None, None)


def test_counts_name_every_state() -> None:
    found = counts(ContainerCounts(busy=3, dead_idle=20))
    assert found is not None
    assert (found["busy"], found["dead_idle"], found["exited"]) == (3, 20, 0)
    assert counts(None) is None
