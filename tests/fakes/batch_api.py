"""A batch API in memory, and a world that can be killed between any two steps."""

from collections.abc import Callable, Sequence

from supervisor.kit.batches_types import BatchRequest, BatchResult, BatchStatus


class KilledError(BaseException):
    """What ``kill -9`` is to code: nothing after it runs."""


class Steps:
    """Counts steps; at one of them the process is killed."""

    def __init__(self) -> None:
        self.taken = 0
        self.kill_at: int | None = None

    def __call__(self) -> None:
        self.taken += 1
        if self.taken == self.kill_at:
            raise KilledError


class FakeBatches:
    """Accepts batches; ``fate`` gives the error of a request (None: it succeeds) by id and round."""

    def __init__(
        self, fate: Callable[[str, int], str | None], *, steps: Steps | None = None, looks: int = 1
    ) -> None:
        self._fate = fate
        self._steps = steps or Steps()
        self._looks = looks
        self._polls: dict[str, int] = {}
        self.sent: list[list[str]] = []
        self.keys: list[str] = []
        self.whole: dict[int, str] = {}
        """Round → why its batch fails as a whole."""
        self.faults: list[Exception] = []
        """Met by the next submissions; one with ``accepted = True`` has its batch taken all the same."""

    async def submit(self, requests: Sequence[BatchRequest], key: str) -> str:
        self._steps()
        if self.faults:
            fault = self.faults.pop(0)
            if getattr(fault, "accepted", False):
                self._accept(requests, key)
            raise fault
        batch_id = self._accept(requests, key)
        self._steps()
        return batch_id

    async def poll(self, batch_id: str) -> BatchStatus:
        self._steps()
        self._polls[batch_id] = self._polls.get(batch_id, 0) + 1
        if self._polls[batch_id] < self._looks:
            return BatchStatus(state="running")
        if (reason := self.whole.get(int(batch_id))) is not None:
            return BatchStatus(state="failed", reason=reason)
        return BatchStatus(state="ended")

    async def download(self, batch_id: str) -> Sequence[BatchResult]:
        self._steps()
        number = int(batch_id)
        rows = [self._row(custom_id, number) for custom_id in reversed(self.sent[number])]
        return [row for row in rows if row.error != "lost"]

    def _row(self, custom_id: str, number: int) -> BatchResult:
        error = self._fate(custom_id, number)
        if error is None:
            return BatchResult(custom_id=custom_id, success=True, response={"round": number})
        return BatchResult(custom_id=custom_id, success=False, error=error)

    def _accept(self, requests: Sequence[BatchRequest], key: str) -> str:
        self.sent.append([one.custom_id for one in requests])
        self.keys.append(key)
        return str(len(self.sent) - 1)


class FindableBatches(FakeBatches):
    """One that can be asked what it has accepted."""

    async def find(self, requests: Sequence[BatchRequest], key: str, since: float) -> str | None:
        self._steps()
        return str(self.keys.index(key)) if key in self.keys else None
