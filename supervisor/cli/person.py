"""Who gives orders; apart from ``orders``, which loads the intents."""

import os
import pwd
import sys


def who() -> str:
    """Return who gives orders here, as the timeline names them: user and terminal."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = str(os.getuid())
    return f"{user} on {os.ttyname(sys.stdin.fileno())}" if sys.stdin.isatty() else user
