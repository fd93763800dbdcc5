"""Needs with keys become the text that specs hold, or one clear fault."""

import re

import pytest

from supervisor.config.need_forms import need_form
from supervisor.config.source import Plain
from supervisor.core.need import Need, need_of


@pytest.mark.parametrize(
    ("keys", "need"),
    [
        ({"group": "stage1"}, Need(name="stage1")),
        ({"group": "stage1", "done": "90%"}, Need(name="stage1", percent=90)),
        ({"group": "stage1", "done": "100%"}, Need(name="stage1")),
        ({"when": "ended", "group": "t4"}, Need(name="t4", ended=True)),
        ({"when": "succeeded", "group": "t4"}, Need(name="t4")),
        ({"task": "g/a", "when": "ended"}, Need(name="g/a", ended=True)),
        ({"group": "a", "done": "5%", "when": "ended"}, Need(name="a", percent=5, ended=True)),
    ],
)
def test_a_need_with_keys(keys: dict[str, Plain], need: Need) -> None:
    assert need_of(need_form(keys)) == need


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"group": "a", "don": "90%"}, "a need has no key 'don', did you mean \"done\"?"),
        ({"group": "a", "xyz": "90%"}, "known are group, task, done or when"),
        ({"group": ["a"]}, "expected text for group"),
        ({"done": "90%"}, "names a group or a task"),
        ({"group": "a", "task": "b"}, "names a group or a task"),
        ({"task": "g/a", "done": "90%"}, "a share of a group"),
        ({"group": "a", "done": "0%"}, "from 1% to 100%, not '0%'"),
        ({"group": "a", "done": "0.9"}, "from 1% to 100%, not '0.9'"),
        ({"group": "a", "when": "failed"}, "when is succeeded or ended, not 'failed'"),
    ],
)
def test_keys_that_make_no_need(keys: dict[str, Plain], fault: str) -> None:
    with pytest.raises(ValueError, match=re.escape(fault)):
        need_form(keys)
