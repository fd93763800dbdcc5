"""Where the files lie that travel with the program: themes, rule packs, the demo."""

from collections.abc import Mapping
from pathlib import Path

from supervisor.ports import ConfigError

PACKAGE = Path(__file__).resolve().parent.parent


def user_folder(env: Mapping[str, str]) -> Path:
    """Return the user's own configuration directory, whether or not it exists."""
    base = env.get("XDG_CONFIG_HOME") or f"{env.get('HOME') or '~'}/.config"
    return Path(base).expanduser() / "overnight"


def shipped(name: str, *, package: Path = PACKAGE) -> tuple[Path, ...]:
    """Return the existing directories called ``name`` of the program itself."""
    return tuple(
        place for place in (package / "_data" / name, package.parent / name) if place.is_dir()
    )


def folders(name: str, env: Mapping[str, str], *, package: Path = PACKAGE) -> tuple[Path, ...]:
    """Return the existing directories called ``name``, the one that counts first.

    ``name`` is a path in the checkout, such as ``themes`` or ``configs/rules``. The user's own has
    no ``configs`` in it: ``~/.config/overnight/rules``. Then come the installed package's and the
    checkout's.
    """
    own = name.removeprefix("configs").strip("/")
    mine = user_folder(env) / own
    return ((mine,) if own and mine.is_dir() else ()) + shipped(name, package=package)


def find(name: str, env: Mapping[str, str], *, package: Path = PACKAGE) -> Path:
    """Return the file ``name``, such as ``configs/demo.yaml``, from the first directory that has it.

    Raises:
        ConfigError: the installation lacks it.
    """
    folder, _, file = name.rpartition("/")
    for place in folders(folder, env, package=package):
        if (place / file).is_file():
            return place / file
    raise ConfigError([f"{name} is missing from this installation; install overnight again"])
