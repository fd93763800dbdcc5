"""Tells which processes of this machine are connected to a Unix socket, the container engine's."""

import os
import socket
import struct
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass

_SOCK_DIAG = 4
"""``NETLINK_SOCK_DIAG`` and what follows: include/uapi/linux/{netlink,sock_diag,unix_diag}.h."""
_BY_FAMILY = 20
_REQUEST_DUMP = 0x301
_DONE, _ERROR = 3, 2
_ALL_STATES = 0xFFFFFFFF
_SHOW = 0x01 | 0x04 | 0x40
"""``UDIAG_SHOW_NAME``, ``_PEER`` and ``_UID``."""
_NAME, _PEER, _UID = 0, 2, 7
_HEADER = struct.Struct("=IHHII")
_ASK = struct.Struct("=BBHIIIII")
_ENTRY = struct.Struct("=BBBBIII")
_ATTRIBUTE = struct.Struct("=HH")
_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Client:
    """One connection to the socket, from the client's side."""

    inode: int
    uid: int | None
    """Of whoever opened it; None: the kernel (before 5.3) does not say."""


def clients(path: str) -> list[Client]:
    """Return who is connected to the Unix socket at ``path`` now; a millisecond for some hundreds.

    Raises:
        OSError: the kernel does not tell.
    """
    names, peers, uids = _dumped()
    ends = {os.path.realpath(path), path}
    return [
        Client(peers[inode], uids.get(peers[inode]))
        for inode, name in names.items()
        if name in ends and peers.get(inode)  # 0: the client is gone already
    ]


def holders(inodes: Collection[int]) -> dict[int, int]:
    """Return a process for each socket of ``inodes`` that this user may see, the newest first looked at."""
    wanted = {f"socket:[{inode}]": inode for inode in inodes}
    found: dict[int, int] = {}
    with os.scandir("/proc") as entries:
        pids = sorted((int(one.name) for one in entries if one.name.isdecimal()), reverse=True)
    for pid in pids:
        if len(found) == len(wanted):
            break
        for link in _links(pid):
            inode = wanted.get(link)
            if inode is not None:
                found.setdefault(inode, pid)
    return found


def _links(pid: int) -> Iterator[str]:
    with suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
        for entry in entries:
            with suppress(OSError):
                yield os.readlink(entry.path)  # noqa: PTH115 - thousands of them


def _dumped() -> tuple[dict[int, str], dict[int, int], dict[int, int]]:
    """Return names, peers and owners of all Unix sockets, by inode."""
    names: dict[int, str] = {}
    peers: dict[int, int] = {}
    uids: dict[int, int] = {}
    with socket.socket(
        socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, _SOCK_DIAG
    ) as line:
        line.settimeout(2.0)
        ask = _ASK.pack(socket.AF_UNIX, 0, 0, _ALL_STATES, 0, _SHOW, 0, 0)
        line.send(_HEADER.pack(_HEADER.size + len(ask), _BY_FAMILY, _REQUEST_DUMP, 1, 0) + ask)
        while True:
            data = line.recv(_CHUNK)
            for kind, body in _messages(data):
                if kind == _DONE:
                    return names, peers, uids
                if kind == _ERROR:
                    raise OSError(f"the kernel does not list sockets: error {body[:4].hex()}")
                inode = _ENTRY.unpack_from(body)[4]
                for name, value in _attributes(body[_ENTRY.size :]):
                    if name == _NAME:
                        names[inode] = value.rstrip(b"\0").decode("utf-8", "surrogateescape")
                    elif name == _PEER:
                        peers[inode] = int.from_bytes(value[:4], "little")
                    elif name == _UID:
                        uids[inode] = int.from_bytes(value[:4], "little")


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _HEADER.size <= len(data):
        length, kind, *_ = _HEADER.unpack_from(data, at)
        if length < _HEADER.size:
            return
        yield kind, data[at + _HEADER.size : at + length]
        at += (length + 3) & ~3


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _ATTRIBUTE.size <= len(data):
        length, name = _ATTRIBUTE.unpack_from(data, at)
        if length < _ATTRIBUTE.size:
            return
        yield name, data[at + _ATTRIBUTE.size : at + length]
        at += (length + 3) & ~3
