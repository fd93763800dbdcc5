"""What items do in the workers of a pool; a module of its own, as workers import it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn


class Unreadable:
    """Can be sent, and cannot be read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return refuse, ()


def refuse() -> NoReturn:
    raise LookupError("not here")


def double(number: int) -> int:
    return number * 2


def act(what: str) -> Any:  # noqa: C901 - a list of misdeeds
    """Do as told: what no worker should, and what each does."""
    match what.split():
        case ["raise"]:
            raise ValueError("bad item")
        case ["exit", code]:
            sys.exit(int(code))
        case ["exit-words"]:
            sys.exit("so long")
        case ["leave", code]:
            os._exit(int(code))
        case ["signal", name]:
            os.kill(os.getpid(), signal.Signals[name])
            time.sleep(60)
        case ["interrupt"]:
            raise KeyboardInterrupt
        case ["lambda"]:
            return lambda: 1
        case ["unreadable"]:
            return Unreadable()
        case ["hang"]:
            time.sleep(600)
        case ["hang-stubborn"]:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(600)
        case ["hang-with-child", path]:
            child = subprocess.Popen(["sleep", "600"])
            Path(path).write_text(str(child.pid))
            child.wait()
        case ["large"]:
            return b"x" * 5_000_000
        case ["pid"]:
            return os.getpid()
    return what


def dies_once(path: str) -> str:
    """Die of SIGSEGV at the first try."""
    if not Path(path).exists():
        Path(path).touch()
        os.kill(os.getpid(), signal.SIGSEGV)
        time.sleep(60)
    return "alive"


def counted(job: tuple[str, int, float]) -> int:
    """Write down that the item was begun, work a while, and return its number."""
    path, number, seconds = job
    with open(path, "a") as lines:  # noqa: PTH123 - one write of one line
        lines.write(f"{number}\n")
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass
    return number


def limited(job: tuple[str, int]) -> str:
    """Refuse while the file of limits has lines; each refusal takes none away."""
    path, number = job
    with open(Path(path).with_suffix(".asked"), "a") as lines:  # noqa: PTH123 - one write of one line
        lines.write(f"{time.time()} {os.getpid()} {number}\n")
    if Path(path).exists():
        raise RuntimeError(Path(path).read_text())
    return f"answer {number}"
