"""An engine behind ssh, with a stand-in for ssh that reaches a socket of this machine."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from aiohttp import web

from supervisor.adapters.docker import client
from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.place import Place
from supervisor.adapters.docker.tunnel import Tunnel, ssh_words
from supervisor.ports import DaemonUnreachableError
from tests.support import until

RELAY = """
import os, select, socket, sys
there = socket.socket(socket.AF_UNIX); there.connect(sys.argv[1])
while True:
    for ready in select.select([0, there], [], [])[0]:
        data = os.read(0, 65536) if ready == 0 else there.recv(65536)
        if not data: sys.exit()
        there.sendall(data) if ready == 0 else os.write(1, data)
"""


def test_the_words_are_those_of_docker() -> None:
    begin = ("-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20")
    end = ("system", "dial-stdio")
    assert ssh_words("ssh://far") == (*begin, "--", "far", "docker", *end)
    assert ssh_words("ssh://me@far:2222/run/d.sock") == (
        *(*begin, "-l", "me", "-p", "2222", "--", "far"),
        *("docker", "--host", "unix:///run/d.sock", *end),
    )


async def test_calls_go_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    far = tmp_path / "far.sock"

    async def version(request: web.Request) -> web.Response:
        return web.json_response({"ApiVersion": "1.41", "big": "x" * 300_000})

    app = web.Application()
    app.router.add_get("/version", version)
    app.router.add_get("/v1.41/info", version)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.UnixSite(runner, str(far)).start()
    (tmp_path / "relay.py").write_text(RELAY)
    ssh = tmp_path / "ssh"
    ssh.write_text(f"#!/bin/sh\nexec {sys.executable} {tmp_path}/relay.py {far}\n")
    ssh.chmod(0o700)
    monkeypatch.setattr(client, "Tunnel", lambda url: Tunnel(url, ssh=str(ssh)))

    docker = Docker(Place(url="ssh://far", said_by="the test"))
    assert len((await docker.get("info"))["big"]) == 300_000
    await docker.close()
    await runner.cleanup()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'far: Permission denied (publickey).' >&2; exit 255", "Permission denied"),
        ("exit 1", "cannot reach the container engine at ssh://far"),
        (None, "No such file or directory"),
    ],
)
async def test_what_ssh_says_is_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, said: str
) -> None:
    ssh = tmp_path / "ssh"
    if script is not None:
        ssh.write_text(f"#!/bin/sh\n{script}\n")
        ssh.chmod(0o700)
    monkeypatch.setattr(client, "Tunnel", lambda url: Tunnel(url, ssh=str(ssh)))
    docker = Docker(Place(url="ssh://far", said_by="the test"))
    with pytest.raises(DaemonUnreachableError, match=said):
        await docker.get("info")
    await docker.close()


async def test_closing_ends_what_is_under_way_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ssh = tmp_path / "ssh"
    ssh.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec cat >/dev/null\n")
    ssh.chmod(0o700)
    tunnel = Tunnel("ssh://far", ssh=str(ssh))
    _, writer = await asyncio.open_unix_connection(await tunnel.open())
    await until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    await tunnel.close()
    writer.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    assert not caplog.records
