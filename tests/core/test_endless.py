"""No history of failures keeps a task running for ever, whatever it fails of."""

from collections import deque
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.effects import EndEngine, RunPreflight, RunRefresh, StartAttempt
from supervisor.core.events import Event, PreflightEnded, RefreshEnded, Tick
from supervisor.core.models import Action, CommandSpec, ErrorClass, LimitId, LimitSpec
from supervisor.core.state import Batch, fresh
from supervisor.core.step import next_wakeup, step
from tests.fakes.night import UUID, batch_spec, ended, failed, group, started

_MOST = 100
"""Launches of one task that fails each time: its budget, its waits, and those that cost nothing."""
_WAKEUPS = 2000
_CLASSES = [one for one in ErrorClass if one is not ErrorClass.OPERATOR]
_LIMIT = LimitSpec(
    name=LimitId("g"), refresh=CommandSpec(run="login"), preflight=CommandSpec(run="ping")
)


class _Doomed:
    """A task whose every attempt fails, one class after the other, round and round."""

    def __init__(
        self,
        classes: list[ErrorClass],
        stated_s: float | None,
        lives_s: float,
        actions: Mapping[ErrorClass, Action],
    ) -> None:
        self.classes, self.stated_s, self.lives_s = classes, stated_s, lives_s
        own = group(action_by_class=actions)
        self.batch: Batch = fresh(batch_spec(["g/a"], [own], [_LIMIT]), UUID, 1000.0)
        self.now = 1000.0
        self.launches = 0
        self.over = False

    def run(self) -> None:
        """Let it be tried until nobody tries it any more."""
        self.happens(Tick())
        for _ in range(_WAKEUPS):
            at = next_wakeup(self.batch)
            if self.over or at is None:
                return
            self.now = max(self.now, at)
            self.happens(Tick())
        raise AssertionError("it is waited for ever")

    def happens(self, first: Event) -> None:
        events = deque([first])
        while events:
            self.batch, effects = step(self.batch, events.popleft(), self.now)
            for effect in effects:
                match effect:
                    case StartAttempt():
                        events.append(self.failure(effect))
                    case RunRefresh(limit=name):
                        events.append(RefreshEnded(limit=name, cause=""))
                    case RunPreflight(limit=name):
                        events.append(PreflightEnded(limit=name, cause=""))
                    case EndEngine():
                        self.over = True
                    case _:
                        pass

    def failure(self, effect: StartAttempt) -> Event:
        error_class = self.classes[self.launches % len(self.classes)]
        self.launches += 1
        assert self.launches <= _MOST, "it is tried for ever"
        id_, attempt = effect.task, effect.attempt
        self.batch, _ = step(self.batch, started(id_, attempt, self.now), self.now)
        self.now += self.lives_s
        if error_class is ErrorClass.LOST:
            return ended(id_, attempt, self.now, None, preset=error_class)
        at = None if self.stated_s is None else self.now + self.stated_s
        return failed(id_, attempt, self.now, error_class, retry_at=at)


@given(
    st.lists(st.sampled_from(_CLASSES), min_size=1, max_size=4),
    st.sampled_from([None, 1.0, 90.0, 4000.0]),
    st.sampled_from([1.0, 100.0, 5000.0]),
    st.dictionaries(
        st.sampled_from(_CLASSES), st.sampled_from(["retry", "wait", "hold", "fail"]), max_size=3
    ),
)
def test_a_task_that_always_fails_comes_to_an_end(
    classes: list[ErrorClass],
    stated_s: float | None,
    lives_s: float,
    actions: dict[ErrorClass, Action],
) -> None:
    doomed = _Doomed(classes, stated_s, lives_s, actions)
    doomed.run()
    assert not doomed.batch.live
    assert doomed.launches >= 1
