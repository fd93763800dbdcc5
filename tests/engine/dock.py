"""A batch with containers in memory, and what acts on them."""

from dataclasses import replace
from pathlib import Path

from supervisor.core.containers import BATCH_LABEL, Container, ContainerRow
from supervisor.core.events import ContainersEnded, Event
from supervisor.core.models import TaskId, TaskSpec
from supervisor.engine.container_acts import ContainerActs, Watched
from supervisor.engine.container_stops import ContainerStops
from supervisor.ports import Containers, DaemonUnreachableError
from tests.fakes.containers import FakeContainers
from tests.fakes.night import after, begun, started

A, B = TaskId("g/a"), TaskId("g/b")


class Dock:
    """Rows as the watch would show them; ``told`` is what the core hears."""

    def __init__(self, directory: Path, *tasks: TaskSpec, **spec: object) -> None:
        self.there = FakeContainers()
        self.rows: dict[str, ContainerRow] = {}
        self.told: list[Event] = []
        self.banners: dict[str, str | None] = {}
        self.looked = 0
        self.silent = ""
        self.watched = True
        night = begun(tasks or ["g/a", "g/b"], directory=str(directory), **spec)
        self.batch = after(night, (started("g/a", 1, 1.0), 1.0))
        lent = Watched(
            containers=self._containers,
            rows=lambda: self.rows,
            error_files=lambda _id: ("/workspace/error.log",),
            container=self._container,
            look=self._look,
        )
        self.acts = ContainerActs(
            lent,
            batch=lambda: self.batch,
            submit=self._submit,
            banner=lambda key, text, _command: self.banners.update({key: text}),
        )
        self.stops = ContainerStops(lent, self.acts, batch=lambda: self.batch)

    def add(
        self, name: str, task: TaskId | None = A, attempt: int | None = 1, **facts: object
    ) -> str:
        """Put in a container that the watch shows; return its id."""
        id_ = self.there.add(name, labels={BATCH_LABEL: "u"})
        row = ContainerRow(
            id=id_,
            name=name,
            image="lab:1",
            task=task,
            attempt=attempt,
            group="g",
            owned=True,
            proof="its label names this batch",
            state="idle",
        )
        self.rows[id_] = replace(row, **facts)  # type: ignore[arg-type]
        return id_

    @property
    def ends(self) -> dict[str, str]:
        """What the core heard of each container."""
        heard = (event for event in self.told if isinstance(event, ContainersEnded))
        return {one.name: one.how for event in heard for one in event.ends}

    def _containers(self) -> Containers | None:
        return self.there if self.watched else None

    def _container(self, id_: str) -> Container | None:
        made = self.there.made.get(id_)
        return None if made is None else made.container

    async def _look(self) -> None:
        self.looked += 1
        if self.silent:
            raise DaemonUnreachableError(self.silent)
        self.rows = {id_: row for id_, row in self.rows.items() if id_ in self.there.made}

    async def _submit(self, event: Event) -> None:
        self.told.append(event)
