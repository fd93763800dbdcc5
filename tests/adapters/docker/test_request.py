"""What an engine is asked for."""

from supervisor.adapters.docker.request import create_body
from supervisor.core.models import TaskId
from supervisor.core.wish import Volume, Wish
from supervisor.ports import Ref, Try

PLAN = Try(ref=Ref(TaskId("g/t"), 1), argv=("a", "b"), cwd="/")


def test_the_least(  # what is not wished for is left to image and engine
) -> None:
    body = create_body(PLAN, Wish(image="x"), "u", {"A": "b=c"}, init=False)
    assert body["Cmd"] == ["a", "b"]
    assert body["Env"] == ["A=b=c"]
    assert body["Labels"]["overnight.batch"] == "u"
    assert not {"User", "WorkingDir", "Entrypoint"} & set(body)
    assert body["HostConfig"] == {
        "LogConfig": {"Type": "json-file", "Config": {}},
        "RestartPolicy": {"Name": "no"},
        "Mounts": [],
        "Init": False,
    }


def test_all_of_it() -> None:
    wish = Wish(
        image="x",
        volumes=(Volume(source="/d", target="/e", read_only=True), Volume(source="v", target="/w")),
        memory_bytes=1 << 30,
        shm_bytes=1 << 20,
        cpus=1.5,
        gpus="2",
        user="1000",
        network="host",
        workdir="/w",
        entrypoint=(),
    )
    body = create_body(PLAN, wish, "u", {}, init=True)
    host = body["HostConfig"]
    assert (body["User"], body["WorkingDir"], body["Entrypoint"]) == ("1000", "/w", [])
    assert [mount["Type"] for mount in host["Mounts"]] == ["bind", "volume"]
    assert host["Mounts"][0]["ReadOnly"] is True
    assert (host["Memory"], host["MemorySwap"], host["ShmSize"]) == (1 << 30, 1 << 30, 1 << 20)
    assert (host["NanoCpus"], host["NetworkMode"], host["Init"]) == (1_500_000_000, "host", True)
    assert host["DeviceRequests"][0]["Count"] == 2


def test_gpus_by_number_or_by_name() -> None:
    def asked(gpus: str) -> dict[str, object]:
        body = create_body(PLAN, Wish(image="x", gpus=gpus), "u", {}, init=True)
        request: dict[str, object] = body["HostConfig"]["DeviceRequests"][0]
        return request

    assert asked("all")["Count"] == -1
    assert asked("device=0,2")["DeviceIDs"] == ["0", "2"]
