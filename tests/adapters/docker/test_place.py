"""Where the engine is, by the same signs as Docker's own command line."""

import hashlib
import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from supervisor.adapters.docker.place import Place, find_place
from supervisor.ports import DaemonUnreachableError


@pytest.fixture
def sockets() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def listen(path: Path, stack: ExitStack) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    stack.enter_context(socket.socket(socket.AF_UNIX)).bind(str(path))


def write_context(home: Path, name: str, host: str, **more: object) -> Path:
    key = hashlib.sha256(name.encode()).hexdigest()
    meta = home / ".docker" / "contexts" / "meta" / key / "meta.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Name": name, "Endpoints": {"docker": {"Host": host, **more}}}))
    return home / ".docker" / "contexts" / "tls" / key / "docker"


def test_docker_host_comes_first(tmp_path: Path) -> None:
    write_context(tmp_path, "far", "ssh://far")
    environ = {"DOCKER_HOST": "tcp://h:2376", "DOCKER_CONTEXT": "far"}
    assert find_place(environ, tmp_path) == Place(url="tcp://h:2376", said_by="DOCKER_HOST")
    place = find_place(environ | {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/c"}, tmp_path)
    assert place.certificates == Path("/c")


def test_then_the_context(tmp_path: Path) -> None:
    tls = write_context(tmp_path, "far", "tcp://far:2376", SkipTLSVerify=True)
    (tmp_path / ".docker" / "config.json").write_text('{"currentContext": "far"}')
    place = find_place({}, tmp_path)
    assert (place.url, place.certificates) == ("tcp://far:2376", None)
    assert str(place) == "tcp://far:2376 (docker context far)"
    tls.mkdir(parents=True)
    assert find_place({"DOCKER_CONTEXT": "far"}, tmp_path).certificates == tls
    assert not find_place({}, tmp_path).verify


def test_a_context_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DaemonUnreachableError, match=r"context 'gone'.*docker context ls"):
        find_place({"DOCKER_CONTEXT": "gone"}, tmp_path)


@pytest.mark.parametrize("config", ["{", "{}", '{"currentContext": "default"}'])
def test_else_a_socket_that_is_there(tmp_path: Path, sockets: ExitStack, config: str) -> None:
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker" / "config.json").write_text(config)
    found = find_place({"XDG_RUNTIME_DIR": str(tmp_path / "run")}, tmp_path)
    if found.said_by == "the machine's Docker" and Path("/var/run/docker.sock").is_socket():
        assert found.socket == "/var/run/docker.sock"
        return
    listen(tmp_path / "run/podman/podman.sock", sockets)
    found = find_place({"XDG_RUNTIME_DIR": str(tmp_path / "run")}, tmp_path)
    assert found.said_by == "the user's Podman"
    listen(tmp_path / "run/docker.sock", sockets)
    found = find_place({"XDG_RUNTIME_DIR": str(tmp_path / "run")}, tmp_path)
    assert found.said_by == "rootless Docker"


def test_certificates_encrypt_the_connection(tmp_path: Path) -> None:
    assert Place(url="tcp://h", said_by="x").tls() is None
    made = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=h"
    if subprocess.run(made.split(), cwd=tmp_path, capture_output=True, check=False).returncode:
        pytest.fail("openssl cannot make a certificate")
    (tmp_path / "ca.pem").write_bytes((tmp_path / "cert.pem").read_bytes())
    context = Place(url="tcp://h", said_by="x", certificates=tmp_path).tls()
    assert context is not None
    assert context.check_hostname
    open_minded = Place(url="tcp://h", said_by="x", certificates=tmp_path, verify=False).tls()
    assert open_minded is not None
    assert not open_minded.check_hostname
