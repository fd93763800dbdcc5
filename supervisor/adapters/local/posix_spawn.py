"""The C library's ``posix_spawn``, called without the interpreter's lock.

``os.posix_spawn`` keeps that lock until the child has become another program, and nothing else of
the engine runs meanwhile: 0.5 to 1 ms for each start, a third of all time in a batch of short tasks.
"""

import ctypes
import os
import signal
from collections.abc import Mapping, Sequence
from functools import lru_cache

_SET_SIGDEF, _SET_SIGMASK, _SET_SID = 0x04, 0x08, 0x80
_ROOM = 1024
"""Above what any C library needs for its attributes (336 bytes), actions (80) or a signal set (128)."""

_DEFAULT = [number for number in signal.valid_signals() if number not in (9, 19)]
"""Signals given back their default: what the engine ignores a shell could never trap again."""

_waiting = ctypes.CDLL(None)
_quick = ctypes.PyDLL(None)
"""For calls so short that giving up the lock would cost more than they do."""

Output = tuple[int, str, int]
"""Descriptor of the child, the path to open as it, and the flags to open it with."""


def start(argv: Sequence[str], environment: Mapping[str, str], files: Sequence[Output]) -> int:
    """Start ``argv`` in a session of its own with no signal ignored or blocked; return its pid.

    Raises:
        OSError: it cannot be started, or a file not be opened.
        ValueError: a NUL in a text, or a name of a variable that cannot be one.
    """
    arguments = _vector([_text(text) for text in argv])
    variables = _vector([_variable(name, value) for name, value in environment.items()])
    actions = ctypes.create_string_buffer(_ROOM)
    _check(_quick.posix_spawn_file_actions_init(actions))
    try:
        for number, path, flags in files:
            _check(
                _quick.posix_spawn_file_actions_addopen(
                    actions, number, os.fsencode(path), flags, 0o600
                )
            )
        pid = ctypes.c_int()
        _check(
            _waiting.posix_spawn(
                ctypes.byref(pid), arguments[0], actions, _ATTRIBUTES, arguments, variables
            )
        )
        return pid.value
    finally:
        _quick.posix_spawn_file_actions_destroy(actions)


def _vector(texts: Sequence[bytes]) -> "ctypes.Array[ctypes.c_char_p]":
    """Return what C calls an argument vector: the texts, and a null pointer after them."""
    return (ctypes.c_char_p * (len(texts) + 1))(*texts)


def _text(text: str) -> bytes:
    if "\0" in text:
        raise ValueError("embedded null byte")
    return os.fsencode(text)


@lru_cache(maxsize=1024)
def _variable(name: str, value: str) -> bytes:
    """Return an entry of the environment; nearly all are the same for every start."""
    if not name or "=" in name:
        raise ValueError("illegal environment variable name")
    return _text(f"{name}={value}")


def _check(code: int) -> None:
    if code:
        raise OSError(code, os.strerror(code))


def _attributes() -> "ctypes.Array[ctypes.c_char]":
    attributes = ctypes.create_string_buffer(_ROOM)
    signals = ctypes.create_string_buffer(_ROOM)
    flags = ctypes.c_short(_SET_SIGDEF | _SET_SIGMASK | _SET_SID)
    _check(_quick.posix_spawnattr_init(attributes))
    _check(_quick.posix_spawnattr_setflags(attributes, flags))
    _quick.sigemptyset(signals)
    _check(_quick.posix_spawnattr_setsigmask(attributes, signals))
    for number in _DEFAULT:
        _quick.sigaddset(signals, int(number))
    _check(_quick.posix_spawnattr_setsigdefault(attributes, signals))
    return attributes


_ATTRIBUTES = _attributes()
