"""Modelled runners: what they do with the services' answers, and what they write about it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import log2
from typing import Protocol

from tests.bench.nights import texts
from tests.bench.nights.accounts import FIRST_CALL_S, accounts
from tests.bench.nights.clockwork import Clockwork
from tests.bench.nights.plan import LARGEST, Job, Plan, Stream

CALL_EVERY_S = 30.0
_AFTER_A_REFUSAL_S = 10.0
_MOST_REFUSALS = 12
"""A runner that goes on after a refusal gives up after so many in a row."""
_SDK_TRIES = 5
_SAID_EVERY = 5
"""Calls between two lines about progress."""
_LOAD_S = 25.0
"""Until a model is on the GPU."""
_SLOWER = 0.15
"""So much slower at each halving of the batch size."""
_CUDA_FAULTS = 0.05


@dataclass(slots=True, kw_only=True, eq=False)
class Run:
    """One attempt in the world."""

    job: Job
    number: int
    """Counted from 1 over all attempts of the job."""
    batch_size: int
    began_at: float
    ticket: int = 0
    calls: int = 0
    refusals: int = 0
    """In a row."""
    cause: str | None = None
    """Of its last refusal or fault."""
    over: bool = False
    written: list[str] = field(default_factory=list[str])

    def text(self) -> str:
        """Return all it wrote."""
        return "".join(self.written)


class Listener(Protocol):
    """Who watches the runs."""

    def wrote(self, run: Run, stream: Stream, text: str) -> None:
        """A run wrote whole lines."""
        ...

    def refused(self, run: Run, cause: str) -> None:
        """A run met ``cause`` for the first time, whether or not it says so already."""
        ...

    def ended(self, run: Run, code: int) -> None:
        """A run is over."""
        ...

    def freed(self, account: str) -> None:
        """An account that refused everything answers again."""
        ...


class World:
    """All that runs, and all that it runs against."""

    def __init__(self, plan: Plan, clock: Clockwork, listener: Listener) -> None:
        self.plan, self.clock = plan, clock
        self._listener = listener
        self.accounts = accounts(plan, clock, listener.freed)
        self._live = dict.fromkeys(self.accounts, 0)
        self._kept_s: dict[str, float] = {}
        """Work that a job's runner finds done when it starts again."""
        self._runs: dict[str, int] = {}
        self._broken_text = texts.drawn(plan.chance, texts.BROKEN_MODEL)
        self._cuda_text = texts.drawn(plan.chance, texts.CUDA_FAULT)

    def doom(self, job: Job, batch_size: int = LARGEST) -> str | None:
        """Return the state of the world for which an attempt begun now has to fail, or None."""
        if job.model and job.model == self.plan.broken_model:
            return f"model/{job.model}"
        if job.defect:
            return f"defect/{job.id}"
        if job.fits:
            return f"memory/{job.id} at {batch_size}" if batch_size > job.fits else None
        return self.accounts[job.account].doom() if job.account is not None else None

    def launch(self, job: Job, batch_size: int = LARGEST) -> Run:
        """Begin an attempt."""
        number = self._runs[job.id] = self._runs.get(job.id, 0) + 1
        run = Run(job=job, number=number, batch_size=batch_size, began_at=self.clock.now)
        if job.account is not None:
            self._live[job.account] += 1
            run.ticket = self.accounts[job.account].enter()
        self._later(run, 0.5, lambda: self._write(run, "stdout", f"starting {job.id}\n"))
        if job.model and job.model == self.plan.broken_model:
            said = self._broken_text.format(model=job.model)
            self._later(run, 8, lambda: self._die(run, f"model/{job.model}", said))
        elif job.defect:
            self._later(run, 40, lambda: self._die(run, f"defect/{job.id}", texts.DEFECT))
        elif job.fits:
            self._later(run, _LOAD_S, lambda: self._loaded(run))
        else:
            self._later(run, FIRST_CALL_S, lambda: self._call(run))
        return run

    def stop(self, run: Run, grace_s: float = 1.0) -> None:
        """Ask a run to stop: it does so soon, with the code of a TERM."""
        self._later(run, grace_s, lambda: self._end(run, 143))

    def _call(self, run: Run) -> None:
        """One call of a runner, and what it does with the answer."""
        job = run.job
        assert job.account is not None
        run.calls += 1
        names = (job.id, run.number, run.calls)
        refusal = self.accounts[job.account].call(run.ticket, self._live[job.account], *names)
        if refusal is None:
            run.refusals = 0
            self._work(run)
            return
        run.refusals += 1
        self._met(run, refusal.cause)
        if refusal.then == "die" or (refusal.then == "again" and run.refusals >= _SDK_TRIES):
            self._die(run, refusal.cause, refusal.text)
        elif refusal.then == "again":
            said = f"INFO Retrying request to /chat/completions in {refusal.wait_s:.1f} seconds\n"
            self._write(run, "stderr", said)
            self._later(run, refusal.wait_s, lambda: self._call(run))
        elif run.refusals >= _MOST_REFUSALS:
            self._die(run, refusal.cause, refusal.text)
        else:
            self._write(run, "stderr", f"ERROR sample {run.calls} failed: {refusal.text}\n")
            self._later(run, _AFTER_A_REFUSAL_S, lambda: self._call(run))

    def _work(self, run: Run) -> None:
        """A piece of work is done; what is done stays done, as runners resume from their files."""
        job = run.job
        done_s = self._kept_s[job.id] = self._kept_s.get(job.id, 0.0) + CALL_EVERY_S
        if done_s >= job.work_s:
            self._write(run, "stdout", "done: 1 of 1 finished\n")
            self._later(run, 2, lambda: self._end(run, 0))
            return
        if run.number == 1 and job.hangs_at is not None and done_s >= job.hangs_at * job.work_s:
            self._met(run, f"hang/{job.id}")
            return
        if run.calls % _SAID_EVERY == 0:
            of = int(job.work_s / CALL_EVERY_S) + 1
            self._write(run, "stdout", f"{int(done_s / CALL_EVERY_S)}/{of} samples done\n")
        self._later(run, CALL_EVERY_S, lambda: self._call(run))

    def _loaded(self, run: Run) -> None:
        """The study's runner has its model on the GPU, or no memory is left for it."""
        job, chance = run.job, self.plan.chance
        if run.batch_size > job.fits:
            cause = f"memory/{job.id} at {run.batch_size}"
            self._die(run, cause, texts.NO_MEMORY.format(size=run.batch_size / 9))
            return
        work_s = job.work_s * (1 + _SLOWER * log2(LARGEST / run.batch_size))
        if chance.share("cuda", job.id, run.number) < _CUDA_FAULTS:
            at_s = work_s * chance.share("cuda at", job.id, run.number)
            cause = f"cuda/{job.id} {run.number}"
            self._later(run, at_s, lambda: self._die(run, cause, self._cuda_text))
            return
        self._later(run, work_s, lambda: self._end(run, 0))

    def _die(self, run: Run, cause: str, error: str) -> None:
        self._met(run, cause)
        self._write(run, "stderr", texts.traceback(error))
        self._later(run, 1, lambda: self._end(run, 1))

    def _met(self, run: Run, cause: str) -> None:
        if run.cause != cause:
            run.cause = cause
            self._listener.refused(run, cause)

    def _write(self, run: Run, stream: Stream, text: str) -> None:
        run.written.append(text)
        self._listener.wrote(run, stream, text)

    def _end(self, run: Run, code: int) -> None:
        run.over = True
        if run.job.account is not None:
            self._live[run.job.account] -= 1
        self._listener.ended(run, code)

    def _later(self, run: Run, wait_s: float, do: Callable[[], None]) -> None:
        self.clock.after(wait_s, lambda: None if run.over else do())
