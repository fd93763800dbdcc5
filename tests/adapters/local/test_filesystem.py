"""Kinds of file systems."""

from pathlib import Path

import pytest

from supervisor.adapters.local import filesystem
from supervisor.adapters.local.filesystem import allocates_at_once, kind


def test_knows_the_kinds_here() -> None:
    assert kind("/proc/self") == "proc"
    assert not allocates_at_once("/proc")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/me/runs", "nfs4"),
        ("/homestead", "ext4"),
        ("/scratch disk/x", "xfs"),
        ("/data", "lustre"),
    ],
)
def test_the_innermost_and_latest_mount_counts(
    monkeypatch: pytest.MonkeyPatch, path: str, expected: str
) -> None:
    table = (
        "20 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        "21 20 0:40 / /home rw - nfs4 server:/home rw\n"
        "22 20 8:2 / /scratch\\040disk rw - xfs /dev/sdb rw\n"
        "23 20 8:3 / /data rw - ext4 /dev/sdc rw\n"
        "24 20 0:41 / /data rw - lustre mgs:/data rw\n"
    )
    monkeypatch.setattr(filesystem, "_mounts", lambda: table)
    assert kind(path) == expected


def test_an_unreadable_table_promises_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(filesystem, "_mounts", lambda: "")
    assert not allocates_at_once(str(tmp_path))
