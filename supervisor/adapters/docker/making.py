"""Makes the container of an attempt and starts it, once, whatever is cut off in between.

The name is the claim: an engine gives it to one container. And a start is asked for once for each
container: one that ended may not be started again by a request that was on its way. So before the start
a record names the container; where nobody knows whether such a start was carried out, and the
container stays unstarted, it is removed and another one takes its place. The old request then finds
nothing.
"""

import asyncio
from collections.abc import Mapping  # noqa: TC003 - dataclass
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from supervisor.adapters.docker.attempt import Attempt
from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.facts import Facts, facts_of
from supervisor.adapters.docker.images import Images
from supervisor.adapters.docker.reach import Reach
from supervisor.adapters.docker.records import Claim, read_claim, write_claim, write_spec
from supervisor.adapters.docker.request import create_body
from supervisor.adapters.local.environment import mark, read_env_file
from supervisor.core.containers import ATTEMPT_LABEL, BATCH_LABEL, TASK_LABEL
from supervisor.ports import DaemonRefusedError, NoSuchContainerError, Try

_CREATE_S = 60.0
_START_S = 120.0
_CONFLICT = 409


class ForeignContainerError(Exception):
    """The name is taken by a container that is not this attempt's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Makes containers for the attempts of one batch."""

    docker: Docker
    uuid: str
    images: Images
    reach: Reach
    settle_s: float
    """A start that was asked for is carried out within this time, or never."""
    _inits: list[bool] = field(default_factory=list[bool])

    async def find(self, attempt: Attempt) -> Facts | None:
        """Return the attempt's container; None if there is none.

        Raises:
            DaemonUnreachableError: the engine does not answer.
            ForeignContainerError: the name is somebody else's.
        """
        try:
            facts = facts_of(await self.docker.get(f"containers/{attempt.name}/json"))
        except NoSuchContainerError:
            return None
        wanted = {
            BATCH_LABEL: self.uuid,
            TASK_LABEL: attempt.ref.task,
            ATTEMPT_LABEL: str(attempt.ref.attempt),
        }
        if {name: facts.labels.get(name) for name in wanted} != wanted:
            raise ForeignContainerError(
                f"another container is called {attempt.name}; rename or remove it"
            )
        attempt.container = facts.id
        return facts

    async def prepare(self, attempt: Attempt, plan: Try) -> Any:
        """Write down what is to be launched, see to its image; return what is asked for to make it.

        Raises:
            EnvFileError: its environment file cannot be read.
            ImageError: its image cannot be had.
            DaemonUnreachableError: the engine does not answer.
        """
        if plan.container is None:
            raise AssertionError(f"{plan.ref} wants no container")
        env = self._environment(plan)
        await asyncio.to_thread(
            write_spec, attempt.directory, self.uuid, plan, attempt.name, list(env)
        )
        await self.images.ensure(plan.container)
        return create_body(plan, plan.container, self.uuid, env, init=await self._has_init())

    async def create(self, attempt: Attempt, body: Any) -> None:
        """Make the container. One that an earlier request has made is as good.

        Raises:
            DaemonRefusedError: the engine will not make it.
            DaemonUnreachableError: the engine does not answer.
        """
        try:
            await self.docker.post(
                "containers/create", {"name": attempt.name}, body, limit_s=_CREATE_S
            )
        except DaemonRefusedError as error:
            if error.status != _CONFLICT:
                raise

    async def start(self, attempt: Attempt, facts: Facts) -> None:
        """Start the container that was made, or see what became of an earlier start. Look again after.

        Raises:
            DaemonRefusedError: the engine cannot start it.
            DaemonUnreachableError: the engine does not answer.
        """
        claim = await asyncio.to_thread(read_claim, attempt.directory)
        if claim is None or claim.container != facts.id:
            await self._ask(attempt, facts)
        elif claim.state == "void":
            await self._discard(attempt, facts.id)
        else:
            await self._doubt(attempt, facts)

    async def bury(self, attempt: Attempt) -> None:
        """See to it that the attempt never runs, and leave no container that was not started."""
        await asyncio.to_thread(self._write, attempt.directory, Claim("buried"))
        if attempt.container:
            await self._discard(attempt, attempt.container)

    async def seen_running(self, attempt: Attempt) -> None:
        """Note in which life of the engine the container was last seen to run."""
        claim = Claim("start", attempt.container, self.reach.daemon)
        known = await asyncio.to_thread(read_claim, attempt.directory)
        if known != claim:
            await asyncio.to_thread(self._write, attempt.directory, claim)

    async def _ask(self, attempt: Attempt, facts: Facts) -> None:
        claim = Claim("start", facts.id, self.reach.daemon)
        await asyncio.to_thread(self._write, attempt.directory, claim)
        await self.docker.post(f"containers/{facts.id}/start", limit_s=_START_S)

    async def _doubt(self, attempt: Attempt, facts: Facts) -> None:
        """The start was asked for, and nobody knows whether the engine ever read it."""
        await asyncio.sleep(self.settle_s)
        again = await self.find(attempt)
        if again is None or again.id != facts.id or not again.never_ran:
            return
        void = Claim("void", facts.id, self.reach.daemon)
        await asyncio.to_thread(self._write, attempt.directory, void)
        await self._discard(attempt, facts.id)

    async def _discard(self, attempt: Attempt, container: str) -> None:
        """Remove a container that was not started; if it runs by now, it stays and is the one."""
        try:
            await self.docker.delete(f"containers/{container}", {"v": True})
        except NoSuchContainerError:
            pass
        except DaemonRefusedError as error:
            if error.status != _CONFLICT:
                raise
            claim = Claim("start", container, self.reach.daemon)
            await asyncio.to_thread(self._write, attempt.directory, claim)

    async def _has_init(self) -> bool:
        """Tell whether the engine has an init process for containers (``docker run --init``)."""
        if not self._inits:
            info: Any = await self.docker.get("info")
            commit: dict[str, Any] = info.get("InitCommit") or {}
            self._inits.append(bool(info.get("InitBinary")) and commit.get("ID") != "N/A")
        return self._inits[0]

    def _environment(self, plan: Try) -> dict[str, str]:
        from_file: Mapping[str, str] = {}
        if plan.env_file is not None:
            from_file = read_env_file(str(Path(plan.cwd, plan.env_file)))
        own = {"PYTHONUNBUFFERED": "1"} | dict(from_file) | dict(plan.env)
        return own | mark(self.uuid, plan.ref)

    @staticmethod
    def _write(directory: Path, claim: Claim) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_claim(directory, claim)
