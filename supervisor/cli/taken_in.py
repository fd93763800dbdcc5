"""Stands in a batch for a process that somebody else started: ``python -m supervisor.cli.taken_in``.

It writes what that process's logs grow by, and ends as that one ends. What ends this process leaves the
other one alone.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from supervisor.adapters.outside import GoneError, Outside


def main(argv: Sequence[str] | None = None) -> int:
    """Watch until it has ended; return its exit code, 0 where the kernel does not tell it."""
    parser = argparse.ArgumentParser(prog="taken_in")
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--start", type=int, required=True)
    parser.add_argument("--log", action="append", default=[])
    parser.add_argument("command", nargs="*")
    args = parser.parse_args(argv)
    try:
        outside = Outside(args.pid, args.start, [Path(log) for log in args.log])
    except GoneError as error:
        print(f"{error}; nothing is left to watch", file=sys.stderr)
        return 1
    try:
        for piece in outside.output():
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        code = outside.exit_code()
    finally:
        outside.close()
    if code is None:
        print(f"\nprocess {args.pid} has ended; this kernel does not tell how", flush=True)
        return 0
    print(f"\nprocess {args.pid} has ended with exit code {code}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
