"""Silence takes two signs at least, and knows which."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.models import SIGNALS, Signal, StallPolicy
from supervisor.core.runners import RunnerProfile
from supervisor.core.stillness import (
    Look,
    Signs,
    Silence,
    counter_pattern,
    looked,
    patience_s,
    rebased,
    silence,
    told,
)
from tests.fakes.night import batch_spec, group, task

START = Look(at=100.0, heard_at=100.0, cpu_s=1.0, pids=frozenset({7}))


def signs(*looks: Look) -> Signs:
    found = looked(None, START)
    for look in looks:
        found = looked(found, look)
    return found


def since(*looks: Look, asked: tuple[Signal, ...] = SIGNALS) -> float | None:
    found = silence(signs(*looks), asked)
    return None if found is None else found.since


def test_nothing_at_all_is_silence_since_the_first_look() -> None:
    found = silence(signs(replace(START, at=200.0)), SIGNALS)
    assert found == Silence(since=100.0, signals=("log", "cpu", "children"))


@pytest.mark.parametrize(
    "alive",
    [
        replace(START, at=200.0, heard_at=190.0),
        replace(START, at=200.0, cpu_s=2.0),
        replace(START, at=200.0, cpu_s=0.5),
        replace(START, at=200.0, pids=frozenset({7, 8})),
        replace(START, at=200.0, counter=(1, 9)),
        replace(START, at=200.0, containers_work=True),
    ],
)
def test_any_sign_is_life(alive: Look) -> None:
    assert since(alive) == 200.0
    assert since(alive, replace(alive, at=300.0, containers_work=False)) == 200.0


def test_a_little_cpu_is_only_waiting() -> None:
    assert since(replace(START, at=200.0, cpu_s=1.9)) == 100.0


def test_a_sign_that_is_not_asked_for_proves_nothing() -> None:
    busy = replace(START, at=200.0, cpu_s=90.0)
    assert since(busy, asked=("log", "children")) == 100.0
    assert since(busy, asked=("log", "cpu")) == 200.0


def test_no_sign_is_believed_alone() -> None:
    """Where of those asked for one only can be seen, others are looked at too."""
    busy = replace(START, at=200.0, cpu_s=90.0)
    assert since(busy, asked=("log", "progress")) == 200.0
    counted = silence(signs(replace(START, at=200.0)), ("log", "progress"))
    assert counted is not None
    assert counted.signals == ("log", "cpu")
    blind = replace(START, cpu_s=None, pids=None)
    assert silence(looked(None, blind), SIGNALS) is None, "of the log alone nothing follows"
    both = looked(looked(None, blind), replace(blind, at=200.0, counter=(1, 2)))
    assert silence(both, ("cpu", "children")) is None, "one of those seen beside is not enough"
    assert silence(both, SIGNALS) == Silence(since=200.0, signals=("log", "progress"))
    helped = looked(both, replace(blind, at=300.0, counter=(1, 2), containers_work=True))
    assert silence(helped, SIGNALS) == Silence(since=300.0, signals=("log", "progress", "children"))


def test_retries_make_cpu_worthless() -> None:
    tries = replace(START, at=200.0, cpu_s=90.0, work=6, retries=18)
    first = replace(START, work=6, retries=0)
    found = looked(looked(None, first), tries)
    assert silence(found, SIGNALS) == Silence(since=100.0, signals=SIGNALS)
    works = replace(tries, at=300.0, work=7, cpu_s=180.0, retries=30)
    after = silence(looked(found, works), SIGNALS)
    assert after is not None
    assert after.since == 300.0


def test_cpu_that_nobody_can_tell_for_a_while_is_no_sign() -> None:
    blind = replace(START, at=200.0, cpu_s=None, pids=None)
    back = replace(START, at=300.0)
    assert since(blind) == 100.0
    assert since(blind, back) == 300.0, "it may have done anything meanwhile"


def test_what_lay_before_a_jump_says_nothing() -> None:
    found = rebased(signs(replace(START, at=5000.0)), 5000.0)
    assert silence(found, SIGNALS) == Silence(since=5000.0, signals=("log", "cpu", "children"))


def test_words() -> None:
    assert told(("log", "cpu")) == "nothing new in its logs, no CPU"
    assert told(SIGNALS).endswith("no process came or went")


def test_the_batch_file_is_patient_before_the_profile_is() -> None:
    one = task("g/a", profile="slow")
    spec = batch_spec([one])
    head = replace(spec, profiles=(RunnerProfile(name="slow", quiet_s=7200.0, progress="x"),))
    assert patience_s(group(), one, spec) == 1800.0
    assert patience_s(group(), one, head) == 7200.0
    assert patience_s(group(stall=StallPolicy(quiet_s=60.0)), one, head) == 60.0
    assert counter_pattern(group(), one, spec) is None
    assert counter_pattern(group(), one, head) == "x"
    assert counter_pattern(group(progress="y"), one, head) == "y"


@given(
    st.lists(
        st.builds(
            Look,
            at=st.floats(0, 1e6),
            heard_at=st.floats(0, 1e6),
            counter=st.none() | st.tuples(st.integers(0, 9), st.integers(1, 9)),
            work=st.none() | st.integers(0, 3),
            retries=st.integers(0, 3),
            cpu_s=st.none() | st.floats(0, 100),
            pids=st.none() | st.frozensets(st.integers(1, 3)),
        ),
        min_size=1,
        max_size=8,
    ),
    st.lists(st.sampled_from(SIGNALS), unique=True),
)
def test_silence_never_rests_on_one_sign(looks: list[Look], asked: list[Signal]) -> None:
    found: Signs | None = None
    for look in looks:
        found = looked(found, look)
    assert found is not None
    still = silence(found, asked)
    assert still is None or len(set(still.signals)) >= 2
    assert still is None or still.since in {look.at for look in looks}
