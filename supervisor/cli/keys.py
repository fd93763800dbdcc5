"""``overnight keys``: the keys in force, in the form of the file that changes them."""

import os
import sys

from supervisor.cli.looks import own_keymap
from supervisor.cli.words import Args
from supervisor.config.keys import keys_file
from supervisor.tui.action import Action
from supervisor.tui.keys import key_name

_NAME_CELLS = 24
_KEYS_CELLS = 20


def run(args: Args) -> int:
    """Print every action with its keys as YAML; return 1 if the user's own file has faults."""
    del args
    keymap, faults = own_keymap(os.environ)
    print(f"# Keys of the screen. Put the lines that you change into {keys_file(os.environ)}")
    for action in keymap.actions:
        where = f" (on: {', '.join(action.only)})" if action.only else ""
        print(
            f"{action.name + ':':<{_NAME_CELLS}} {_keys(action):<{_KEYS_CELLS}} # {action.help}{where}"
        )
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _keys(action: Action) -> str:
    names = [f"'{name}'" if name != "'" else '"\'"' for name in map(key_name, action.keys)]
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"
