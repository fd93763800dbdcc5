"""The tiny image of the demo with containers: this machine's busybox, else the one of the registry."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

from supervisor.cli.words import CommandError

IMAGE = "overnight-demo:latest"
_WORDS = ("sh", "sleep", "echo", "tail", "mkdir", "date", "true", "cat")
_PATIENCE_S = 120.0


def ensure_image() -> None:
    """See to it that the engine has the image.

    Raises:
        CommandError: no container engine answers, or there is nothing to make the image of.
    """
    if shutil.which("docker") is None:
        raise CommandError("this demo needs Docker: no docker on PATH")
    answer = _docker("version")
    if answer.returncode:
        raise CommandError(f"no container engine answers: {_said(answer)}")
    if _docker("image", "inspect", IMAGE).returncode == 0 or _import_busybox():
        return
    pulled = _docker("pull", "busybox")
    if pulled.returncode or _docker("tag", "busybox", IMAGE).returncode:
        raise CommandError(
            f"there is no busybox for the demo's image: {_said(pulled)}; on Debian and Ubuntu:"
            " apt-get install busybox-static"
        )


def packed(busybox: Path) -> bytes:
    """Return a file system with nothing but ``busybox`` and its names in it, as a tar archive."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name in ("bin", "tmp"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o777
            tar.addfile(folder)
        tar.add(busybox, "bin/busybox")
        for word in _WORDS:
            link = tarfile.TarInfo(f"bin/{word}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    return archive.getvalue()


def _import_busybox() -> bool:
    """Make the image of this machine's busybox; False where that does not run by itself."""
    busybox = shutil.which("busybox")
    if busybox is None:
        return False
    made = subprocess.run(
        ["docker", "import", "-", IMAGE],
        input=packed(Path(busybox)),
        capture_output=True,
        check=False,
        timeout=_PATIENCE_S,
    )
    if made.returncode == 0 and _docker("run", "--rm", "--network=none", IMAGE, "true").returncode:
        _docker("image", "rm", "--force", IMAGE)  # it needs libraries that are not in there
        return False
    return made.returncode == 0


def _docker(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["docker", *words], capture_output=True, text=True, check=False, timeout=_PATIENCE_S
    )


def _said(done: "subprocess.CompletedProcess[str]") -> str:
    return " ".join(done.stderr.split())
