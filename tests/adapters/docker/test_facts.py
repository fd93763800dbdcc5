"""What an engine says of a container, and what that means."""

import pytest

from supervisor.adapters.docker.facts import Facts, end_of, facts_of, moment, refusal
from supervisor.core.models import ErrorClass, TaskId
from supervisor.ports import DaemonRefusedError, Ref

T = Ref(TaskId("g/t"), 1)


def facts(**state: object) -> Facts:
    told = {"Status": "exited", "ExitCode": 1, "StartedAt": "2026-11-22T05:00:00.5Z"}
    return facts_of({"Id": "x", "State": told | state, "Config": {"Labels": None}})


def test_moments() -> None:
    assert moment("2026-11-22T05:00:00.123456789Z") == 1_795_323_600.123456
    assert moment("2026-11-22T06:00:00+01:00") == 1_795_323_600
    assert moment("0001-01-01T00:00:00Z") == moment("") == moment(None) == 0


@pytest.mark.parametrize(
    ("state", "never", "ended"),
    [
        ({"Status": "created", "StartedAt": "0001-01-01T00:00:00Z"}, True, False),
        ({"Status": "running"}, False, False),
        ({"Status": "paused"}, False, False),
        ({"Status": "exited"}, False, True),
        ({"Status": "exited", "StartedAt": "0001-01-01T00:00:00Z"}, True, True),
        ({"Status": "dead"}, False, True),
        ({"Status": "restarting"}, False, False),
    ],
)
def test_states(state: dict[str, str], never: bool, ended: bool) -> None:
    assert (facts(**state).never_ran, facts(**state).ended) == (never, ended)


@pytest.mark.parametrize(
    ("code", "oom", "restarted", "preset"),
    [
        (137, False, True, ErrorClass.DOCKER),
        (143, False, True, ErrorClass.DOCKER),
        (255, False, True, ErrorClass.DOCKER),
        (137, True, True, None),
        (1, False, True, None),
        (0, False, True, None),
        (137, False, False, None),
    ],
)
def test_what_a_restarted_engine_took_down(
    code: int, oom: bool, restarted: bool, preset: ErrorClass | None
) -> None:
    end = end_of(T, facts(ExitCode=code, OOMKilled=oom), restarted=restarted, now=5.0)
    assert (end.code, end.preset, end.oom_killed) == (code, preset, oom and preset is None)
    assert end.ended_at == 5.0


def test_a_health_check_that_failed_is_told() -> None:
    health = {"Status": "unhealthy", "Log": [{"Output": "a"}, {"Output": "b\n c"}]}
    assert facts(Health=health).health == "its health check failed: b c"
    assert facts(Health={"Status": "healthy"}).health == ""
    assert facts(Health={"Status": "unhealthy"}).health == "its health check failed"


def test_trouble_of_the_engine_is_not_the_tasks() -> None:
    pools = "could not find an available, non-overlapping IPv4 address pool among the defaults"
    assert refusal(T, DaemonRefusedError(500, pools), 1.0).preset is ErrorClass.DOCKER
    wrong = refusal(T, DaemonRefusedError(400, "invalid volume specification"), 1.0)
    assert (wrong.preset, wrong.cause) == (ErrorClass.BROKEN, "invalid volume specification")


@pytest.mark.parametrize(
    ("status", "words", "code", "preset"),
    [
        (500, 'could not select device driver "" with capabilities: [[gpu]]', None, "broken"),
        (500, "unable to find user nobody2: no matching entries in passwd file", None, "broken"),
        (404, "network nosuch not found", None, "broken"),
        (400, 'runc create failed: exec: "/x": stat /x: no such file or directory', 127, None),
        (400, "crun: executable file `x` not found in $PATH: No such file or directory", 127, None),
        (
            400,
            'runc: error mounting "/a" to rootfs at "/b": no such file or directory',
            None,
            "broken",
        ),
        (409, "removal of container x is already in progress", None, "docker"),
        (500, "could not find bridge docker0: no such network interface", None, "docker"),
    ],
)
def test_words_of_real_engines(
    status: int, words: str, code: int | None, preset: str | None
) -> None:
    end = refusal(T, DaemonRefusedError(status, words), 1.0)
    assert (end.code, end.preset) == (code, preset)
