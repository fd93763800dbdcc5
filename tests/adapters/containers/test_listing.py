"""What the engine says of its containers. Fields: Docker Engine API v1.41, ContainerList and ContainerInspect."""

from typing import Any

from supervisor.adapters.containers.listing import inspected, listed

ENTRY: dict[str, Any] = {
    "Id": "e8" * 32,
    "Names": ["/agentrun--1"],
    "Image": "hal-agent-runner:latest",
    "Command": "tail -f /dev/null",
    "Created": 1795325099,
    "Labels": {"com.docker.compose.project": "inspect-x-i1"},
    "State": "running",
    "Status": "Up 3 hours",
    "HostConfig": {"NetworkMode": "host"},
}
TOLD: dict[str, Any] = {
    "Created": "2026-11-22T05:24:59.12345678Z",
    "Path": "tail",
    "Args": ["-f", "/dev/null"],
    "State": {"Status": "running", "Running": True, "Pid": 4711, "ExitCode": 0, "OOMKilled": False},
    "HostConfig": {"NanoCpus": 1500000000, "Memory": 1073741824},
}


def test_a_list_tells_the_most() -> None:
    one = listed(ENTRY)
    assert (one.name, one.image, one.status) == (
        "agentrun--1",
        "hal-agent-runner:latest",
        "running",
    )
    assert (one.project, one.host_network, one.created_at) == ("inspect-x-i1", True, 1795325099.0)
    assert (one.pid, one.exit_code) == (None, None)


def test_an_exit_code_stands_in_the_status() -> None:
    assert (
        listed(ENTRY | {"State": "exited", "Status": "Exited (137) 2 hours ago"}).exit_code == 137
    )


def test_what_is_missing_is_unknown() -> None:
    one = listed({"Id": "ab" * 32})
    assert (one.name, one.image, one.status, one.created_at) == ("ab" * 6, "", "unknown", 0.0)
    assert dict(one.labels) == {}


def test_an_inspection_tells_the_rest() -> None:
    found = inspected(listed(ENTRY), TOLD)
    one = found
    assert (one.pid, one.command) == (4711, ("tail", "-f", "/dev/null"))
    assert (one.limit_cores, one.mem_limit, one.exit_code) == (1.5, 1 << 30, None)
    assert round(one.created_at, 3) == 1795325099.123


def test_limits_may_be_given_as_a_quota() -> None:
    host = {"CpuQuota": 50000, "CpuPeriod": 100000}
    assert inspected(listed(ENTRY), TOLD | {"HostConfig": host}).limit_cores == 0.5
    free = inspected(listed(ENTRY), TOLD | {"HostConfig": {"CpuQuota": -1}})
    assert (free.limit_cores, free.mem_limit) == (None, None)


def test_one_that_ended_says_how() -> None:
    state = {"Status": "exited", "Running": False, "Pid": 0, "ExitCode": 137, "OOMKilled": True}
    one = inspected(listed(ENTRY), TOLD | {"State": state, "Created": "nonsense"})
    assert (one.status, one.exit_code, one.oom_killed, one.pid) == ("exited", 137, True, None)
    assert one.created_at == 1795325099.0
    never = inspected(listed(ENTRY), TOLD | {"Created": "0001-01-01T00:00:00Z"})
    assert never.created_at == 1795325099.0
