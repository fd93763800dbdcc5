"""The key ``containers``: which containers belong to a group's runners, and how their work shows."""

from dataclasses import replace
from typing import Annotated

from pydantic import BeforeValidator, Field

from supervisor.config import scalars
from supervisor.config.kinds import Duration, Reads, Texts
from supervisor.config.policies import Keys, given
from supervisor.config.source import Plain
from supervisor.core.container_rules import USUAL, ContainerRules
from supervisor.core.containers import Sentinels


def _inside(value: Plain) -> tuple[str, ...]:
    paths = scalars.texts(value)
    for path in paths:
        if not path.startswith("/") or ".." in path.split("/"):
            raise ValueError(f"{path!r} is no absolute path inside of the container")
    return paths


def _one_inside(value: Plain) -> str:
    (path,) = _inside(scalars.text_of(value))
    return path


_PATH = {"type": "string", "pattern": "^/"}
_Inside = Annotated[
    tuple[str, ...], Reads(_inside, {"anyOf": [_PATH, {"type": "array", "items": _PATH}]})
]
_OneInside = Annotated[str, Reads(_one_inside, _PATH)]


class ContainersKeys(Keys):
    """Which containers are shown under a group. One pattern is short for ``name``."""

    name: Texts | None = Field(default=None, description='Globs such as "agentrun--*".')
    image: Texts | None = Field(default=None, description="Globs over images.")
    label: Texts | None = Field(default=None, description="KEY, or KEY=GLOB.")
    project: Texts | None = Field(default=None, description="Globs over Compose projects.")
    workspace: _OneInside | None = Field(
        default=None, description="A directory inside that changes while work goes on."
    )
    error: _Inside | None = Field(
        default=None, description="Files inside that say the work has failed."
    )
    output: _Inside | None = Field(
        default=None, description="Files inside that say the work is done."
    )
    id_file: _OneInside | None = Field(
        default=None, description="JSON inside whose keys name what is worked on."
    )
    dead_after: Duration | None = Field(
        default=None, description="Such a silence of every sign means death; default: never."
    )

    def rules(self) -> ContainerRules:
        """Return what holds with these keys."""
        return replace(
            ContainerRules(),
            **given(name=self.name, image=self.image, label=self.label, project=self.project),
            sentinels=self._sentinels(),
            dead_after_s=self.dead_after,
        )

    def _sentinels(self) -> Sentinels:
        own = given(
            workspace=self.workspace,
            error_files=self.error,
            output_files=self.output,
            id_file=self.id_file,
        )
        return replace(USUAL, **own)


def _named(value: Plain) -> Plain:
    return value if isinstance(value, dict) else {"name": value}


WatchedContainers = Annotated[ContainersKeys, BeforeValidator(_named)]
