"""The container that a task wants to run in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from supervisor.core.names import LimitId
from supervisor.core.quoting import substitute

DOCKER = LimitId("docker")
"""The limit of all container tasks: it holds while the container engine does not answer."""

IN_CONTAINER = (
    "/bin/sh",
    "-c",
    'if command -v bash >/dev/null 2>&1; then exec bash -o pipefail -c "$@"; fi; exec sh -c "$@"',
    "sh",
)
"""What runs a shell string inside an image, of which nobody knows whether it has bash."""

_VISIBLE = "CUDA_VISIBLE_DEVICES"

Pull = Literal["missing", "always", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A directory or named volume of the machine, seen inside at ``target``."""

    source: str
    """An absolute path, or the name of a volume."""
    target: str
    read_only: bool = False

    @property
    def is_bind(self) -> bool:
        """Whether ``source`` is a path."""
        return self.source.startswith("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An image and how it is run; what is None is left to the image or to the container engine."""

    image: str
    volumes: tuple[Volume, ...] = ()
    memory_bytes: int | None = None
    shm_bytes: int | None = None
    cpus: float | None = None
    gpus: str | None = None
    """``all``, a number, or ``device=0,1``."""
    user: str | None = None
    network: str | None = None
    workdir: str | None = None
    entrypoint: tuple[str, ...] | None = None
    """Instead of the image's own; empty: none."""
    pull: Pull = "missing"


def rendered(wish: Wish, values: Mapping[str, str]) -> Wish:
    """Return ``wish`` with each ``{name}`` of ``values`` replaced in its texts."""
    return replace(
        wish,
        image=substitute(wish.image, values),
        volumes=tuple(
            replace(
                one,
                source=substitute(one.source, values),
                target=substitute(one.target, values),
            )
            for one in wish.volumes
        ),
        gpus=_filled(wish.gpus, values),
        user=_filled(wish.user, values),
        network=_filled(wish.network, values),
        workdir=_filled(wish.workdir, values),
    )


def has_own_memory(wish: Wish | None) -> bool:
    """Tell whether a task that runs out of memory ran out of its own, not of the machine's."""
    return wish is not None and wish.memory_bytes is not None


def in_words(wish: Wish) -> str:
    """Return how the container is run, as ``check`` tells it."""
    said = {
        "memory": _mebibytes(wish.memory_bytes),
        "shm": _mebibytes(wish.shm_bytes),
        "cpus": None if wish.cpus is None else f"{wish.cpus:g}",
        "gpus": wish.gpus,
        "user": wish.user,
        "network": wish.network,
        "workdir": wish.workdir,
        "entrypoint": None if wish.entrypoint is None else " ".join(wish.entrypoint) or "none",
    }
    volumes = (f"{one.source}:{one.target}{':ro' if one.read_only else ''}" for one in wish.volumes)
    given = (f"{name} {text}" for name, text in said.items() if text is not None)
    return "; ".join((f"pull {wish.pull}", *given, *volumes))


def on_gpus(wish: Wish, env: Mapping[str, str]) -> tuple[Wish, Mapping[str, str]]:
    """Return ``wish`` with the GPUs that ``env`` names, and ``env`` without them.

    Inside, an engine numbers the GPUs that it lets in from 0: the machine's numbers would be wrong.
    """
    indexes = env.get(_VISIBLE)
    if indexes is None:
        return wish, env
    rest = {name: value for name, value in env.items() if name != _VISIBLE}
    return replace(wish, gpus=f"device={indexes}"), rest


def _mebibytes(size_bytes: int | None) -> str | None:
    return None if size_bytes is None else f"{size_bytes / 1024**2:g}MiB"


def _filled(text: str | None, values: Mapping[str, str]) -> str | None:
    return None if text is None else substitute(text, values)
