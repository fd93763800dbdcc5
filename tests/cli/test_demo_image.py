"""The demo's image: what is in it, and what is said where it cannot be made."""

import io
import tarfile
from pathlib import Path

import pytest

from supervisor.cli.demo_image import IMAGE, ensure_image, packed
from supervisor.cli.words import CommandError
from tests.containers import docker, require_docker


def test_it_is_busybox_and_its_names(tmp_path: Path) -> None:
    (tmp_path / "busybox").write_bytes(b"ELF")
    with tarfile.open(fileobj=io.BytesIO(packed(tmp_path / "busybox"))) as tar:
        assert tar.getmember("bin/sh").linkname == "busybox"
        assert tar.getmember("tmp").isdir()


def test_no_docker_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="no docker on PATH"):
        ensure_image()
    fake = tmp_path / "docker"
    fake.write_text("#!/bin/sh\necho no daemon here >&2\nexit 1\n")
    fake.chmod(0o700)
    with pytest.raises(CommandError, match="no container engine answers: no daemon here"):
        ensure_image()


@pytest.mark.docker
def test_it_is_made() -> None:
    require_docker()
    ensure_image()
    ensure_image()
    assert docker("run", "--rm", "--network=none", IMAGE, "sh", "-c", "echo yes") == "yes"
