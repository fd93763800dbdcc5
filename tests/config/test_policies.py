"""A group's policies: what is given counts, the rest is the core's."""

from supervisor.config.policies import (
    BreakerKeys,
    ErrorKeys,
    GiveUpKeys,
    RetryKeys,
    StallKeys,
    TimeoutKeys,
    given,
)
from supervisor.core.models import (
    BreakerPolicy,
    GiveUpPolicy,
    RetryPolicy,
    StallPolicy,
    TimeoutPolicy,
)
from tests.fakes.night import task


def test_nothing_given_is_the_default() -> None:
    assert RetryKeys.model_validate({}).policy() == RetryPolicy()
    assert TimeoutKeys.model_validate({}).policy() == TimeoutPolicy()
    assert BreakerKeys.model_validate({}).policy() == BreakerPolicy()
    assert StallKeys.model_validate({}).policy() == StallPolicy()
    assert GiveUpKeys.model_validate({}).policy() == GiveUpPolicy()


def test_what_is_given_counts() -> None:
    retry = RetryKeys.model_validate({"attempts": "9", "jitter": "1s..3s", "cap": "1h"})
    assert retry.policy() == RetryPolicy(attempts=9, cap_s=3600, jitter_low_s=1, jitter_high_s=3)
    assert RetryKeys.model_validate({"jitter": "0s"}).policy().jitter_high_s == 0
    assert TimeoutKeys.model_validate({"first": "2m"}).policy() == TimeoutPolicy(first_s=120)
    assert BreakerKeys.model_validate({"then": "off"}).policy() == BreakerPolicy(then="off")


def test_given() -> None:
    assert given(a=None, b=0, c="") == {"b": 0, "c": ""}


def test_a_breaker_of_a_share_counts_no_row_unless_told() -> None:
    share = {"share": "50% of the last 20"}
    assert BreakerKeys.model_validate(share).policy() == BreakerPolicy(
        consecutive=0, share=0.5, window=20
    )
    both = BreakerKeys.model_validate({**share, "consecutive": "3", "per": ["model"]})
    assert both.policy() == BreakerPolicy(consecutive=3, share=0.5, window=20, per=("model",))


def test_breakers_per_what_is_no_key_are_faults() -> None:
    tasks = [task("g/a", params={"model": "a"}), task("g/b", params={"modle": "b"})]
    keys = BreakerKeys.model_validate({"per": "model"})
    assert keys.faults(tasks[:1]) == []
    (fault,) = keys.faults(tasks)
    assert fault.startswith("'model' is no key under `for` of g/b")
    assert "modle" in fault
    assert BreakerKeys.model_validate({}).faults(tasks) == []


def test_a_class_is_waited_out_as_its_group_unless_told() -> None:
    plain = RetryPolicy()
    assert ErrorKeys.model_validate({"attempts": "9"}).waits(plain) is None
    own = ErrorKeys.model_validate({"factor": "3", "cap": "2m"}).waits(plain)
    assert own == RetryPolicy(factor=3, cap_s=120)
    longer = ErrorKeys.model_validate({"base": "1h"}).waits(plain)
    assert longer == RetryPolicy(base_s=3600, cap_s=3600), "a longer base is meant"
