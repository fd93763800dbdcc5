"""The engine's process: ``python -m supervisor.cli.engine STATE_DIR [READY_FD | --again TIME...]``.

``overnight run`` starts it, detached; nobody needs to call it by hand.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: list[str]) -> int:
    """Run the engine of the state directory ``argv[0]``; say on descriptor ``argv[1]`` when ready.

    ``--again`` and the times of earlier faults (Unix seconds) come from an engine that begins again.
    """
    match argv:
        case [state_dir]:
            return _run(state_dir, None)
        case [state_dir, "--again", *faults]:
            return _run(state_dir, None, [float(at) for at in faults])
        case [state_dir, ready_fd]:
            if os.fork():
                os._exit(0)
            os.setsid()
            return _run(state_dir, int(ready_fd))
        case _:
            print("usage: python -m supervisor.cli.engine STATE_DIR [READY_FD]", file=sys.stderr)
            return 1


def _run(state_dir: str, ready_fd: int | None, faults: Sequence[float] = ()) -> int:
    from supervisor.bootstrap import run_engine

    return run_engine(Path(state_dir), ready_fd, faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
