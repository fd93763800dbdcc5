"""The key ``docker``: how the container of a task is run."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from supervisor.config import container_forms
from supervisor.config.container_forms import NAMED_VOLUME
from supervisor.config.kinds import Filled, Reads, Texts, from_text, one_of
from supervisor.config.policies import Keys, given
from supervisor.core.wish import Volume, Wish

_PULLS = ("missing", "always", "never")

_Memory = Annotated[
    int,
    from_text(
        container_forms.memory, {"type": "string", "pattern": "^[0-9.]+ ?[kKmMgGtT]?(i?[bB])?$"}
    ),
]
_Cores = Annotated[
    float, from_text(container_forms.cores, {"type": "number", "exclusiveMinimum": 0})
]
_VOLUME = {"type": "string", "pattern": "^[^:]+:[/{][^:]*(:r[ow])?$"}
_Volumes = Annotated[
    tuple[Volume, ...],
    Reads(container_forms.volumes, {"anyOf": [_VOLUME, {"type": "array", "items": _VOLUME}]}),
]


class DockerKeys(Keys):
    """How a container task is run, in the words of ``docker run``."""

    volumes: _Volumes | None = Field(
        default=None,
        description="Such as ./data:/data or name:/cache:ro; paths are relative to cwd.",
    )
    memory: _Memory | None = Field(default=None, description="At most so much, such as 8g.")
    shm: _Memory | None = Field(default=None, description="Size of /dev/shm, such as 2g.")
    cpus: _Cores | None = Field(default=None, description="At most so many cores, such as 1.5.")
    gpus: Filled | None = Field(default=None, description="all, a number, or device=0,1.")
    user: Filled | None = Field(default=None, description="Name or id inside, such as 1000:1000.")
    network: Filled | None = Field(default=None, description="bridge, host, none, or a name.")
    workdir: Filled | None = Field(default=None, description="Where the command begins, inside.")
    entrypoint: Texts | None = Field(
        default=None, description="Instead of the image's own; [] for none."
    )
    pull: Annotated[Literal["missing", "always", "never"], one_of(*_PULLS)] | None = Field(
        default=None, description="When the image is fetched; default: when it is missing."
    )

    def wish(self, image: str) -> Wish:
        """Return what holds with these keys; the sources of volumes are as written."""
        return replace(
            Wish(image=image),
            **given(
                volumes=self.volumes,
                memory_bytes=self.memory,
                shm_bytes=self.shm,
                cpus=self.cpus,
                gpus=self.gpus,
                user=self.user,
                network=self.network,
                workdir=self.workdir,
                entrypoint=self.entrypoint,
                pull=self.pull,
            ),
        )


def placed(wish: Wish, directory: Path) -> Wish:
    """Return ``wish`` with the paths of its volumes made absolute, from ``directory``."""
    return replace(wish, volumes=tuple(_placed(one, directory) for one in wish.volumes))


def _placed(volume: Volume, directory: Path) -> Volume:
    if NAMED_VOLUME.fullmatch(volume.source) and not volume.source.startswith("{"):
        return volume
    return replace(volume, source=str(directory / Path(volume.source).expanduser()))
