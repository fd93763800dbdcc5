"""Containers for tests: a tiny image made of busybox, and whatever a test starts of it, gone after."""

import io
import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import pytest

IMAGE = "overnight-test:latest"
_WORDS = (
    "sh true false sleep cat echo tail head ls mkdir rm touch yes kill ps date dd nc trap awk"
    " usleep env id test wc"
)


def require_docker() -> None:
    """Skip where no container engine answers, and say so."""
    if shutil.which("docker") is None:
        pytest.skip("docker is not installed")
    told = subprocess.run(
        ["docker", "version", "-f", "{{.Server.Version}}"], capture_output=True, text=True
    )
    if told.returncode:
        pytest.skip(f"no container engine answers: {told.stderr.strip()}")


def ensure_image() -> str:
    """Return the name of the test image, made from the busybox of this machine if need be."""
    require_docker()
    if docker("image", "ls", "-q", IMAGE):
        return IMAGE
    busybox = shutil.which("busybox")
    if busybox is None:
        pytest.skip("busybox-static is not installed")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name in ("bin", "tmp", "workspace", "etc"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o777 if name != "etc" else 0o755
            tar.addfile(folder)
        tar.add(busybox, "bin/busybox")
        for word in _WORDS.split():
            link = tarfile.TarInfo(f"bin/{word}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    subprocess.run(
        ["docker", "import", "-", IMAGE], input=packed.getvalue(), check=True, capture_output=True
    )
    return IMAGE


def docker(*words: str) -> str:
    """Return what Docker's own command line says.

    Raises:
        RuntimeError: it failed.
    """
    done = subprocess.run(["docker", *words], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"docker {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()


@dataclass
class Lab:
    """What a test starts; names begin with ``prefix``, which no other test has."""

    prefix: str = field(default_factory=lambda: f"ot-{uuid4().hex[:8]}")

    def run(self, name: str, *command: str, options: tuple[str, ...] = ()) -> str:
        """Start a container and return its id. ``options`` are those of ``docker run``."""
        return docker(
            "run", "-d", "--network=none", "--name", self.name(name), *options, IMAGE, *command
        )

    def create(self, name: str, *command: str, options: tuple[str, ...] = ()) -> str:
        """Make a container without starting it; return its id."""
        return docker(
            "create", "--network=none", "--name", self.name(name), *options, IMAGE, *command
        )

    def name(self, name: str) -> str:
        """Return the whole name of a container, network or volume of this test."""
        return f"{self.prefix}-{name}"

    def left(self) -> list[str]:
        """Return the names of this test's containers, without the prefix, whatever their state."""
        told = docker("ps", "-a", "--format", "{{.Names}}", "--filter", f"name={self.prefix}-")
        return sorted(name.removeprefix(f"{self.prefix}-") for name in told.split())

    def inspect(self, id_: str) -> dict[str, object]:
        """Return what the engine knows of a container."""
        found: list[dict[str, object]] = json.loads(docker("inspect", id_))
        return found[0]


@contextmanager
def lab() -> Iterator[Lab]:
    """Yield a lab, and remove everything of it afterwards."""
    ensure_image()
    one = Lab()
    try:
        yield one
    finally:
        for kind, more in (("container", ["-a"]), ("network", []), ("volume", [])):
            filters = ["--filter", f"name={one.prefix}-"]
            if ids := docker(kind, "ls", "-q", *more, *filters).split():
                force = ["-f", "-v"] if kind == "container" else []
                subprocess.run(["docker", kind, "rm", *force, *ids], capture_output=True)
