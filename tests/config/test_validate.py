"""Keys: every fault of every key is told, each in our own words and with its line."""

import pytest

from supervisor.config.problems import Problems
from supervisor.config.source import read
from supervisor.config.validate import validated
from supervisor.ports import ConfigError


def faults(text: str) -> list[str]:
    document = read(text, "f")
    problems = Problems(document)
    validated(document.value, problems)
    try:
        problems.check()
    except ConfigError as error:
        return list(error.problems)
    return []


LATER_IN_A_GROUP = [
    "log: {max: 5GiB}",
]


@pytest.mark.parametrize("line", LATER_IN_A_GROUP)
def test_keys_of_later_versions_at_the_top(line: str) -> None:
    key = line.partition(":")[0]
    assert faults(f"run: x\n{line}\n") == [f"f:2: {key} is not supported in this version yet"]


@pytest.mark.parametrize("line", LATER_IN_A_GROUP)
def test_keys_of_later_versions_in_a_group(line: str) -> None:
    key = line.partition(":")[0]
    assert faults(f"groups:\n  g:\n    {line}\n") == [
        f"f:3: groups.g.{key} is not supported in this version yet"
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("limits: {l: {pace: 30}}", "limits.l.pace: '30' is no rate: write it like 30/h or 2/m"),
        (
            "limits: {l: {refresh: {run: x, env: {A: b}}}}",
            "limits.l.refresh.env.A: expected stdout, found 'b'",
        ),
        (
            "notify: {run: x, when: [dnoe]}",
            "notify.when: 'dnoe' is not known, did you mean \"done\"?",
        ),
        ("breaker: {share: 50%}", "breaker.share: '50%' is no share of the last tasks"),
        ("timeout: 300%", "timeout.first: a share of the median is not supported"),
        ("parallel: 5..1", "parallel: ends below its beginning"),
        ("breaker: {then: {env: {}}}", "breaker.then: expected text, found keys"),
    ],
)
def test_shapes_of_later_versions(text: str, fault: str) -> None:
    (found,) = faults(text)
    assert found.startswith(f"f:1: {fault}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("parallelx: 4", 'f:1: parallelx: unknown key, did you mean "parallel"?'),
        (
            "groups:\n  corebench:\n    retry: {attemptss: 4}",
            'f:3: groups.corebench.retry.attemptss: unknown key, did you mean "attempts"?',
        ),
        (
            "groups:\n  retry:\n    tasks:\n      - {rn: x}",
            'f:4: groups.retry.tasks[0].rn: unknown key, did you mean "run"?',
        ),
        (
            "tasks:\n  - timeout: 3h",
            "f:2: tasks[0].timeout: unknown key here: it belongs to the group, not to a single task",
        ),
        (
            "groups: {g: {timezone: UTC}}",
            "f:1: groups.g.timezone: unknown key here: it belongs at the top of the file",
        ),
        (
            "limits: {l: {qqq: x}}",
            "f:1: limits.l.qqq: unknown key; known are pace, preflight, refresh",
        ),
        (
            "for: {a: {lnes: x}}",
            'f:1: for.a.lnes: unknown key, did you mean "lines"?',
        ),
        (
            "errors: {authh: {attempts: 3}}",
            'f:1: errors.authh: \'authh\' is not known, did you mean "auth"?',
        ),
        ("limits: {l: {refresh: {timeout: 3s}}}", "f:1: limits.l.refresh.run is missing"),
        ("retry: 4", "f:1: retry: expected keys, found '4'"),
        ("retry:", "f:1: retry: expected keys, found nothing"),
        ("retry: [4]", "f:1: retry: expected keys, found a list"),
        ("tasks: {a: b}", "f:1: tasks: expected a list, found keys"),
        ("tasks: [x]", "f:1: tasks[0]: expected keys, found 'x'"),
        ("groups: {a/b: {}}", "f:1: groups.a/b: 'a/b' is no name: no spaces around it, none of"
         " / * ? [ ] { }, not empty, not beginning with - : or ,"),
        (
            "for: {a: x}",
            "f:1: for.a: expected a list of values or {lines: FILE}, {glob: PATTERN},"
            " {table: FILE}, found 'x'",
        ),
        ("env: {A: [b]}", "f:1: env.A: expected text, found a list"),
        ("run: {name}", "f:1: run: expected a command, found keys; text that begins with { needs quotes"),
        ("leftovers: keep", "f:1: leftovers: expected end or leave, found 'keep'"),
        ("- a\n- b", "f:1: expected keys such as run or groups, found a list"),
        ("", "f:1: expected keys such as run or groups, found nothing"),
    ],
)  # fmt: skip
def test_faults_in_words(text: str, expected: str) -> None:
    assert faults(text) == [expected]


def test_the_good_keys_beside_a_fault_are_kept() -> None:
    document = read("batch: x\nparallelx: 4\nrun: y\n", "f")
    keys = validated(document.value, Problems(document))
    assert (keys.batch, keys.run) == ("x", "y")
