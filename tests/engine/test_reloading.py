"""A reload reaches everything that the batch file says, while attempts run on."""

from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.core.codec import dumps
from supervisor.core.intents import Reload
from supervisor.core.models import BatchSpec, ErrorClass, OwnRule, TaskId
from supervisor.core.phase import Running
from supervisor.core.rules import Rule
from supervisor.engine.detectors import Detector
from supervisor.engine.parts import Parts
from supervisor.ports import Ref
from tests.engine.batches import spec_of
from tests.engine.night import Night
from tests.engine.test_detectors import detector
from tests.fakes.batch_file import FakeBatchFile
from tests.support import until

RULE = Rule(id="my.rule", error_class=ErrorClass.QUOTA, pattern="wallet is empty")
A = TaskId("g/a")


class Reloaded(Night):
    """A night whose batch file can be edited."""

    file: FakeBatchFile | None = None

    def parts(self) -> Parts:
        self.file = FakeBatchFile(self.home / "state")
        return replace(super().parts(), batch_file=self.file, detector=self._detector)

    def tells_again(self) -> object:
        """Have the task say once more what only the new rules know; return what came of it."""
        self.followers[0].append(Ref(A, 1), "stderr", b"Error: wallet is empty\n")
        return self.task(A).incident

    def _detector(self, head: BatchSpec) -> Detector:
        return detector(*("wallet is empty" for _ in head.rules))


@pytest.fixture
def night(tmp_path: Path) -> Reloaded:
    return Reloaded(tmp_path)


async def test_the_edited_file_is_shown_and_applied_on_a_word(night: Reloaded) -> None:
    night.world.root = night.home / "state"
    before = spec_of("g/a", run=("forever",))
    async with night.engine(before) as engine:
        await until(lambda: A in night.shelf.tasks and isinstance(night.task(A).phase, Running))
        rules = (OwnRule(where="night.yaml:3", text=dumps(RULE, Rule)),)
        edited = replace(spec_of("g/a", "g/b", run=("forever",), parallel=9), rules=rules)
        assert night.file is not None
        night.file.save(edited)
        await until(lambda: engine.hub.board().head.edited)
        head = engine.hub.board().head
        assert head.edited is not None
        assert head.needs_you[0].command == "overnight reload"
        answer = await engine.service.submit(Reload(seen="other"), "ann")
        assert (answer.ok, "edited again" in answer.messages[0]) == (False, True)
        answer = await engine.service.submit(Reload(seen=head.edited.seen), "ann")
        assert answer.ok
        assert engine.hub.board().head.edited is None
        await until(lambda: TaskId("g/b") in night.shelf.tasks)
        assert engine.hub.board().head.groups[0].parallel == 9
        # What ran before is judged by the new rules too.
        await until(night.tells_again)
        incident = night.task(A).incident
        assert incident is not None
        assert incident.rule == "new.0"
