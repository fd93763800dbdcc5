"""``overnight sweep``: lists what finished attempts left, and removes just that."""

import json
from typing import Any

import pytest

from supervisor.core.containers import ContainerRow
from supervisor.core.intents import Sweep
from supervisor.core.models import TaskId
from supervisor.core.sweeping import document
from tests.cli.conftest import Night, Place, call

ROW = ContainerRow(
    id="1" * 64,
    name="agentrun--1",
    image="hal",
    task=TaskId("g/a"),
    attempt=1,
    owned=True,
    state="exited",
    proof="its label names this batch",
)
FOREIGN = ContainerRow(id="2" * 64, name="agentrun--2", image="hal", proof="another's")
DISK = {
    "root": "/var/lib/docker",
    "free_bytes": 3 << 30,
    "shares": [
        {"name": "images", "count": 4, "active": 1, "size_bytes": 8 << 30, "free_bytes": 5 << 30}
    ],
}


def left(**facts: Any) -> dict[str, object]:
    known: dict[str, Any] = {
        "rows": [ROW],
        "foreign": [FOREIGN],
        "networks": [("n", "net")],
        "volumes": ["v"],
        "anonymous": 2,
        "disk": DISK,
    }
    return document(**(known | facts))


async def test_all_is_listed_before_it_goes(night: Night) -> None:
    night.engine.left = left()
    said = await night.overnight("sweep", "--dry-run")
    assert said.out.splitlines() == [
        "container  agentrun--1  exited  g/a  (its label names this batch)",
        "network  net",
        "volume  v",
        "with 2 anonymous volumes of these containers",
        "left alone: agentrun--2: 1 container not proved to be ours",
        "/var/lib/docker: 3.0 GiB free",
        "  images          4    8.0 GiB, 5.0 GiB could be had back",
    ]
    assert night.engine.wanted == []
    assert "Give --yes" in (await night.overnight("sweep")).err
    assert (await night.overnight("sweep", "--yes")).code == 0
    [(intent, _)] = night.engine.wanted
    assert isinstance(intent, Sweep)
    assert [one.name for one in intent.containers] == ["agentrun--1"]
    assert (intent.networks, intent.volumes) == ((("n", "net"),), ("v",))


async def test_nothing_left_is_said(night: Night) -> None:
    night.engine.left = left(rows=[], foreign=[], networks=[], volumes=[], anonymous=0, disk=None)
    assert (await night.overnight("sweep", "--yes")).out == "nothing to sweep\n"
    night.engine.left = left(
        rows=[ROW] * 50, foreign=[FOREIGN] * 5, disk={**DISK, "free_bytes": None}
    )
    said = (await night.overnight("sweep", "--dry-run")).out
    assert "and 10 more; --json lists all" in said
    assert "agentrun--2, agentrun--2, agentrun--2, …: 5 containers" in said
    assert "/var/lib/docker: unknown free" in said


async def test_scripts_get_the_list(night: Night) -> None:
    night.engine.left = left()
    found = json.loads((await night.overnight("sweep", "--json")).out)
    assert found == json.loads(json.dumps(left()))
    assert night.engine.wanted == []


def test_no_container_engine_is_said_in_plain_words(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.ended(ended_at=5.0)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{place.path}/none")
    said = call("sweep", "-b", "night")
    assert said.code == 1
    assert "nothing is stored" in said.err or "cannot reach" in said.err
