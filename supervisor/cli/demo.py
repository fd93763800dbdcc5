"""``overnight demo``: a made-up night of about a minute, in a place of its own."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

from supervisor.cli.demo_image import ensure_image
from supervisor.cli.run import start
from supervisor.cli.text import now
from supervisor.cli.words import Args, CommandError
from supervisor.config.data import find
from supervisor.config.load import load
from supervisor.core.options import RunOptions

_SERVER_S = 20.0


def run(args: Args) -> int:
    """Copy the demo, start its API server, and run the batch; exits as ``overnight run`` does.

    Raises:
        CommandError: the place is taken, or the server does not start.
    """
    if args.on("docker"):
        return _with_containers(args)
    fast = args.on("fast")
    place = _place(args.text("dir"))
    batch = _copied(place, "demo-fast.yaml" if fast else "demo.yaml")
    _serve(place, "0.2" if fast else "1.0")
    print(f"a night of five benchmarks, in {place}")
    return start(load(batch, env=os.environ, now=now()), RunOptions(), args)


def _with_containers(args: Args) -> int:
    ensure_image()
    place = _place(args.text("dir"))
    batch = _copied(place, "demo-docker.yaml")
    (place / "grades").mkdir(exist_ok=True)
    print(f"a night with containers, in {place}; afterwards: overnight sweep -b {place}")
    return start(load(batch, env=os.environ, now=now()), RunOptions(), args)


def _place(word: str | None) -> Path:
    if word is None:
        return Path(mkdtemp(prefix="overnight-demo-"))
    place = Path(word).resolve()
    if place.exists() and any(place.iterdir()):
        raise CommandError(f"{place} is not empty; name another --dir")
    place.mkdir(parents=True, exist_ok=True)
    return place


def _copied(place: Path, name: str) -> Path:
    """Copy the batch file and what it runs; return the copy, called ``demo.yaml``."""
    source = find(f"configs/{name}", os.environ)
    shutil.copytree(source.parent / "demo", place / "demo", dirs_exist_ok=True)
    return Path(shutil.copy(source, place / "demo.yaml"))


def _serve(place: Path, scale: str) -> None:
    """Start the API server; it ends by itself when nobody has asked for two minutes."""
    python, server = sys.executable, place / "demo" / "server.py"
    token, port = place / "token.json", place / "port"
    subprocess.run(
        [python, place / "demo" / "refresh.py", token], check=True, stdout=subprocess.DEVNULL
    )
    serving = subprocess.Popen(
        [python, server, port, token, scale],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + _SERVER_S
    while not port.exists():
        if serving.poll() is not None or time.monotonic() > deadline:
            raise CommandError(f"the demo's server does not start: {python} {server}")
        time.sleep(0.02)
