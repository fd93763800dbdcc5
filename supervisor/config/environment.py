"""Which names of the shell's environment a batch remembers."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

_OF_THE_SHELL = (
    "_", "OLDPWD", "PWD", "SHLVL", "PS[0-4]", "PROMPT*", "HIST*", "MAIL*", "HUSHLOGIN", "DIRSTACK",
    "BASH*", "ZSH*", "ZDOTDIR", "FISH*", "LESS*", "LS_COLORS", "LSCOLORS", "EDITOR", "VISUAL", "PAGER",
)  # fmt: skip
_OF_THE_TERMINAL = (
    "TERM*", "COLORTERM", "COLUMNS", "LINES", "NO_COLOR", "TMUX*", "STY", "WINDOW", "WINDOWID",
    "SSH_*", "DISPLAY", "WAYLAND_DISPLAY", "VTE_VERSION", "WT_*", "KITTY_*", "ITERM*", "VSCODE_*",
    "TEXTUAL*", "GPG_TTY", "LC_TERMINAL*",
)  # fmt: skip
_OF_THE_SESSION = (
    "XDG_*", "DBUS_*", "INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_*", "NOTIFY_SOCKET", "MANAGERPID",
    "LISTEN_*", "DESKTOP_*", "SESSION_*", "OVERNIGHT_*", "SUDO_*", "LOGNAME", "USERNAME", "HOSTNAME",
)  # fmt: skip


def captured(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names in ``env`` that tasks may depend on, in order.

    What belongs to a terminal, a login or a prompt comes and goes with it: asking for those again
    at every resume would teach people to say yes.
    """
    passing = (*_OF_THE_SHELL, *_OF_THE_TERMINAL, *_OF_THE_SESSION)
    return tuple(sorted(name for name in env if not any(fnmatchcase(name, one) for one in passing)))
