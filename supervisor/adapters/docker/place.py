"""Finds where the container engine listens, the way Docker's own command line does."""

import hashlib
import json
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typing_extensions import override

from supervisor.ports import DaemonUnreachableError

_SYSTEM = "/var/run/docker.sock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an engine listens: ``unix://``, ``tcp://``, ``https://`` or ``ssh://``, and who said so."""

    url: str
    said_by: str
    certificates: Path | None = None
    """A directory with ``ca.pem``, ``cert.pem`` and ``key.pem``, where the connection is encrypted."""
    verify: bool = True

    @override
    def __str__(self) -> str:
        return f"{self.url} ({self.said_by})"

    @property
    def socket(self) -> str | None:
        """Path of the engine's socket on this machine; None for a remote engine."""
        return self.url.removeprefix("unix://") if self.url.startswith("unix://") else None

    def tls(self) -> ssl.SSLContext | None:
        """Return what encrypts the connection; None where nothing does."""
        if self.certificates is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)
        if (authority := self.certificates / "ca.pem").exists():
            context.load_verify_locations(cafile=str(authority))
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if (own := self.certificates / "cert.pem").exists():
            context.load_cert_chain(str(own), str(self.certificates / "key.pem"))
        return context


def find_place(environ: Mapping[str, str], home: Path) -> Place:
    """Return where the container engine is.

    ``DOCKER_HOST``, else the context (``DOCKER_CONTEXT``, or the current one of ``docker context``),
    else the first socket that may be used: the machine's, rootless Docker's, Podman's.

    Raises:
        DaemonUnreachableError: the context is not there or cannot be read.
    """
    if url := environ.get("DOCKER_HOST"):
        verify = environ.get("DOCKER_TLS_VERIFY", "") not in ("", "0")
        folder = Path(environ.get("DOCKER_CERT_PATH") or home / ".docker")
        return Place(url=url, said_by="DOCKER_HOST", certificates=folder if verify else None)
    folder = Path(environ.get("DOCKER_CONFIG") or home / ".docker")
    name = environ.get("DOCKER_CONTEXT") or _current_context(folder)
    if name and name != "default":
        return _context(folder, name)
    return _socket(environ, home)


def _current_context(folder: Path) -> str | None:
    try:
        said: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
    except (OSError, ValueError):
        return None  # Docker's command line goes on with the default, too
    name = said.get("currentContext")
    return name if isinstance(name, str) else None


def _context(folder: Path, name: str) -> Place:
    key = hashlib.sha256(name.encode()).hexdigest()
    meta = folder / "contexts" / "meta" / key / "meta.json"
    try:
        endpoint = json.loads(meta.read_bytes())["Endpoints"]["docker"]
        url = str(endpoint["Host"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise DaemonUnreachableError(
            f"Docker context {name!r} cannot be used ({meta}: {error!r}); see: docker context ls"
        ) from error
    certificates = folder / "contexts" / "tls" / key / "docker"
    return Place(
        url=url,
        said_by=f"docker context {name}",
        certificates=certificates if certificates.is_dir() else None,
        verify=not endpoint.get("SkipTLSVerify", False),
    )


def _socket(environ: Mapping[str, str], home: Path) -> Place:
    runtime = environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    sockets = {
        _SYSTEM: "the machine's Docker",
        f"{runtime}/docker.sock": "rootless Docker",
        str(home / ".docker/run/docker.sock"): "Docker Desktop",
        f"{runtime}/podman/podman.sock": "the user's Podman",
        "/run/podman/podman.sock": "the machine's Podman",
    }
    there = [path for path in sockets if Path(path).is_socket()]
    usable = [path for path in there if os.access(path, os.W_OK)]
    # One that may not be used is still named: its refusal says what helps.
    path = next(iter(usable or there), _SYSTEM)
    return Place(url=f"unix://{path}", said_by=sockets[path])
