"""Preparing and starting attempts."""

import errno
import json
import os
import resource
import signal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from supervisor.adapters.local import posix_spawn
from supervisor.adapters.local.inherit import Inherited
from supervisor.adapters.local.records import bury, read_exit
from supervisor.adapters.local.spawn import Outcome, Refused, Spawned, Spawner, Taken, is_full
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.places import attempt_dir
from supervisor.ports import Ref, Try
from tests.support import until_sync

INHERITED = Inherited(
    environ={"PATH": os.environ["PATH"], "FROM": "engine", "SECRET": "hunter2"},
    nofile_soft=111,
    oom_score_adj=None,
    umask="022",
    adopts_orphans=False,
)
REF = Ref(TaskId("g/a b"), 1)


def spawner(tmp_path: Path, inherited: Inherited = INHERITED) -> Spawner:
    return Spawner(state_dir=str(tmp_path / "state"), uuid="u-1", inherited=inherited)


def attempt(tmp_path: Path, script: str, ref: Ref = REF, **given: Any) -> Try:
    fields: dict[str, Any] = {"argv": ("sh", "-c", script), "cwd": str(tmp_path)} | given
    return Try(ref=ref, **fields)


def directory(tmp_path: Path, ref: Ref = REF) -> Path:
    return Path(attempt_dir(str(tmp_path / "state"), ref.task, ref.attempt))


def finished(outcome: Outcome) -> int:
    assert isinstance(outcome, Spawned)
    if outcome.pidfd is not None:
        os.close(outcome.pidfd)
    return os.waitstatus_to_exitcode(os.waitpid(outcome.shim.pid, 0)[1])


def spawn_one(spawner: Spawner, attempt: Try) -> Outcome:
    (outcome,) = spawner.spawn([attempt])
    return outcome


def test_makes_what_the_contract_names(tmp_path: Path) -> None:
    assert finished(spawn_one(spawner(tmp_path), attempt(tmp_path, "echo out; exit 3"))) == 3
    made = directory(tmp_path)
    assert sorted(path.name for path in made.iterdir()) == [
        "exit",
        "spec.json",
        "started",
        "stderr.log",
        "stdout.log",
    ]
    assert {path.stat().st_mode & 0o777 for path in made.iterdir()} == {0o600}
    for place in (made, made.parent, made.parent.parent, tmp_path / "state"):
        assert place.stat().st_mode & 0o777 == 0o700
    assert (made / "stdout.log").read_bytes() == b"out\n"
    record = read_exit(str(made))
    assert record is not None
    assert record.code == 3


def test_the_spec_names_but_never_tells_values(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TOKEN=sk-123\n", encoding="ascii")
    one = attempt(tmp_path, "exit 0", env={"KEY": "sk-456"}, env_file=".env", leave_leftovers=True)
    assert finished(spawn_one(spawner(tmp_path), one)) == 0
    text = (directory(tmp_path) / "spec.json").read_text(encoding="ascii")
    spec = json.loads(text)
    assert spec["argv"] == ["sh", "-c", "exit 0"]
    assert spec["cwd"] == str(tmp_path)
    assert (spec["task"], spec["attempt"], spec["encoded"]) == ("g/a b", 1, "g/a%20b")
    assert spec["batch_uuid"] == "u-1"
    assert spec["leave_leftovers"] is True
    assert {"TOKEN", "KEY", "SECRET", "PATH", "OVERNIGHT_TASK"} <= set(spec["env"])
    assert not any(value in text for value in ("sk-123", "sk-456", "hunter2"))


def test_composes_the_environment(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=file\nB=file\n", encoding="ascii")
    one = attempt(
        tmp_path,
        "echo $FROM $A $B $OVERNIGHT_BATCH_UUID/$OVERNIGHT_TASK/$OVERNIGHT_ATTEMPT $PYTHONUNBUFFERED",
        env={"B": "try"},
        env_file=str(file),
    )
    assert finished(spawn_one(spawner(tmp_path), one)) == 0
    out = (directory(tmp_path) / "stdout.log").read_text(encoding="ascii")
    assert out == "engine file try u-1/g/a b/1 1\n"


def test_reads_the_env_file_anew(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    started = spawner(tmp_path)
    for number, value in enumerate(("old", "new"), start=1):
        file.write_text(f"TOKEN={value}\n", encoding="ascii")
        ref = Ref(REF.task, number)
        one = attempt(tmp_path, "echo $TOKEN", ref, env_file=str(file))
        assert finished(spawn_one(started, one)) == 0
        assert (directory(tmp_path, ref) / "stdout.log").read_text(encoding="ascii") == f"{value}\n"


def test_gives_back_limits_signals_and_a_closed_stdin(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    try:
        script = "ulimit -Sn; cat; ps -o sid= -p $$ >&2; grep -E 'SigBlk|SigIgn' /proc/self/status"
        outcome = spawn_one(spawner(tmp_path), attempt(tmp_path, script))
    finally:
        signal.signal(signal.SIGHUP, before)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
    assert finished(outcome) == 0
    assert isinstance(outcome, Spawned)
    lines = (directory(tmp_path) / "stdout.log").read_text(encoding="ascii").splitlines()
    assert lines[0] == "111"
    # 32 and 33 belong to the C library, which lets nobody change them.
    assert [int(line.split()[1], 16) & ~0x1_8000_0000 for line in lines[1:]] == [0, 0]
    session = (directory(tmp_path) / "stderr.log").read_text(encoding="ascii")
    assert int(session) == outcome.shim.pid


def test_hands_on_exported_functions(tmp_path: Path) -> None:
    """dash would drop them."""
    one = Try(
        ref=REF,
        argv=("bash", "-c", "module"),
        cwd=str(tmp_path),
        env={"BASH_FUNC_module%%": "() { echo loaded; }"},
    )
    assert finished(spawn_one(spawner(tmp_path), one)) == 0
    assert (directory(tmp_path) / "stdout.log").read_bytes() == b"loaded\n"


def test_never_starts_what_was_claimed(tmp_path: Path) -> None:
    bury(str(directory(tmp_path)))
    assert spawn_one(spawner(tmp_path), attempt(tmp_path, "exit 0")) == Taken(REF)


def test_goes_on_where_an_engine_died_while_preparing(tmp_path: Path) -> None:
    directory(tmp_path).mkdir(parents=True)
    assert finished(spawn_one(spawner(tmp_path), attempt(tmp_path, "exit 4"))) == 4


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ({"cwd": "/no/such"}, "cwd /no/such: no directory"),
        ({"env_file": "/no/such.env"}, "env_file /no/such.env: No such file"),
        ({"argv": ("a\0b",)}, "cannot start"),
        ({"argv": ("true", "x" * (1 << 22))}, "Argument list too long"),
    ],
)
def test_says_what_is_broken(tmp_path: Path, given: dict[str, Any], cause: str) -> None:
    outcome = spawn_one(spawner(tmp_path), attempt(tmp_path, "exit 0", **given))
    assert isinstance(outcome, Refused)
    assert outcome.error_class is ErrorClass.BROKEN
    assert cause in outcome.cause


def test_says_which_shell_is_missing(tmp_path: Path) -> None:
    started = Spawner(
        state_dir=str(tmp_path), uuid="u", inherited=INHERITED, shell=("/no/such/sh",)
    )
    outcome = spawn_one(started, attempt(tmp_path, "exit 0"))
    assert isinstance(outcome, Refused)
    assert outcome.error_class is ErrorClass.BROKEN
    assert "/no/such/sh" in outcome.cause


@pytest.mark.parametrize(
    ("code", "error_class"),
    [
        (errno.ENOSPC, ErrorClass.DISK_FULL),
        (errno.EDQUOT, ErrorClass.DISK_FULL),
        (errno.EAGAIN, ErrorClass.UNKNOWN),
        (errno.ENOMEM, ErrorClass.UNKNOWN),
        (errno.EACCES, ErrorClass.BROKEN),
    ],
)
@pytest.mark.parametrize(
    ("module", "call"), [(os, "posix_fallocate"), (posix_spawn, "start")], ids=["prepare", "start"]
)
def test_classifies_what_the_machine_refuses(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    error_class: ErrorClass,
    module: ModuleType,
    call: str,
) -> None:
    def refuse(*given: object, **named: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(module, call, refuse)
    outcome = spawn_one(spawner(tmp_path), attempt(tmp_path, "exit 0"))
    assert isinstance(outcome, Refused)
    assert outcome.error_class is error_class
    assert os.strerror(code) in outcome.cause


def test_one_refusal_keeps_nobody_else(tmp_path: Path) -> None:
    bad = attempt(tmp_path, "exit 0", Ref(TaskId("g/bad"), 1), cwd="/no/such")
    refused, spawned = spawner(tmp_path).spawn([bad, attempt(tmp_path, "exit 0")])
    assert isinstance(refused, Refused)
    assert finished(spawned) == 0


def test_tells_the_loop_which_shims_are_its_own(tmp_path: Path) -> None:
    started = spawner(tmp_path)
    outcome = spawn_one(started, attempt(tmp_path, "exit 0"))
    assert isinstance(outcome, Spawned)
    assert outcome.shim.pid in started.launching
    assert not started.launching.nameless
    finished(outcome)


def test_logs_are_appended_to(tmp_path: Path) -> None:
    script = "echo one; while [ ! -e go ]; do sleep 0.01; done; echo two"
    outcome = spawn_one(spawner(tmp_path), attempt(tmp_path, script))
    log = directory(tmp_path) / "stdout.log"
    until_sync(lambda: log.read_bytes() == b"one\n")
    os.truncate(log, 0)
    (tmp_path / "go").touch()
    assert finished(outcome) == 0
    assert log.read_bytes() == b"two\n"


def test_a_disk_with_room_is_not_full(tmp_path: Path) -> None:
    assert not is_full(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_hard_limit_is_left_alone(tmp_path: Path) -> None:
    assert finished(spawn_one(spawner(tmp_path), attempt(tmp_path, "ulimit -Hn"))) == 0
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    said = (directory(tmp_path) / "stdout.log").read_text(encoding="ascii").strip()
    assert said in (str(hard), "unlimited")
