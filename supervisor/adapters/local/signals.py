"""Sends signals to a process and never to another that got the same pid later."""

import errno
import os
import signal

from supervisor.adapters.local.procfs import Ident, process


def open_pidfd(pid: int) -> int | None:
    """Return a descriptor that names the process; None where the kernel (before 5.3) has none.

    Raises:
        ProcessLookupError: no such process.
    """
    try:
        return os.pidfd_open(pid)
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EINVAL, errno.EMFILE, errno.ENFILE, errno.EPERM):
            return None
        raise


def send(ident: Ident, number: signal.Signals) -> bool:
    """Signal just this process; False if it may not be signalled, True if sent or already gone."""
    try:
        handle = open_pidfd(ident.pid)
    except ProcessLookupError:
        return True
    try:
        # Checked after the descriptor was opened: from here on it names the process we looked at.
        now = process(ident.pid)
        if now is None or now.ident != ident:
            return True
        if handle is None:
            os.kill(ident.pid, number)
        else:
            signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    finally:
        if handle is not None:
            os.close(handle)
    return True
