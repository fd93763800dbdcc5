"""What a container engine is asked for to run an attempt."""

from collections.abc import Mapping
from typing import Any

from supervisor.core.container_names import labels
from supervisor.core.wish import Volume, Wish
from supervisor.ports import Try

_LOG: dict[str, Any] = {"Type": "json-file", "Config": {}}
"""The one driver that every engine can read back, and none of its sizes cut off what was written."""


def create_body(attempt: Try, wish: Wish, uuid: str, env: Mapping[str, str], *, init: bool) -> Any:
    """Return the body of ``POST /containers/create``.

    ``init``: the engine has a small init process; with it, a command gets the signals that are
    meant for it and no zombies are left.
    """
    ref = attempt.ref
    body: dict[str, Any] = {
        "Image": wish.image,
        "Cmd": list(attempt.argv),
        "Env": [f"{name}={value}" for name, value in env.items()],
        "Labels": labels(uuid, ref.task, ref.attempt),
        "HostConfig": _host(wish, init=init),
        "AttachStdin": False,
        "OpenStdin": False,
        "Tty": False,
    }
    wanted = {
        "User": wish.user,
        "WorkingDir": wish.workdir,
        "Entrypoint": None if wish.entrypoint is None else list(wish.entrypoint),
    }
    return body | {key: value for key, value in wanted.items() if value is not None}


def _host(wish: Wish, *, init: bool) -> dict[str, Any]:
    host: dict[str, Any] = {
        "LogConfig": _LOG,
        "RestartPolicy": {"Name": "no"},  # starting anew is for us to decide
        "Mounts": [_mount(one) for one in wish.volumes],
        "Init": init,
    }
    if wish.memory_bytes is not None:
        # No swap on top: a night that swaps is slower than one that is told so.
        host |= {"Memory": wish.memory_bytes, "MemorySwap": wish.memory_bytes}
    if wish.shm_bytes is not None:
        host["ShmSize"] = wish.shm_bytes
    if wish.cpus is not None:
        host["NanoCpus"] = round(wish.cpus * 1e9)
    if wish.network is not None:
        host["NetworkMode"] = wish.network
    if wish.gpus is not None:
        host["DeviceRequests"] = [_gpus(wish.gpus)]
    return host


def _mount(volume: Volume) -> dict[str, Any]:
    return {
        "Type": "bind" if volume.is_bind else "volume",
        "Source": volume.source,
        "Target": volume.target,
        "ReadOnly": volume.read_only,
    }


def _gpus(text: str) -> dict[str, Any]:
    request: dict[str, Any] = {"Driver": "", "Capabilities": [["gpu"]]}
    kind, _, devices = text.partition("=")
    if kind == "device":
        return request | {"DeviceIDs": devices.split(",")}
    return request | {"Count": int(text) if text.isdecimal() else -1}
