"""``overnight doctor``: looks for what would end a night early, and prints the cure."""

import os

from supervisor.cli import machine
from supervisor.cli.looks import all_themes, own_keymap
from supervisor.cli.machine import Finding
from supervisor.cli.words import Args


def _own_files() -> Finding:
    """Return whether the user's own keys and themes can be used."""
    _, key_faults = own_keymap(os.environ)
    themes, theme_faults = all_themes(os.environ)
    if faults := (*key_faults, *theme_faults):
        return Finding(what="keys, themes", level="bad", found="\n      ".join(faults))
    return Finding(what="keys, themes", level="ok", found=f"{len(themes)} themes")


_CHECKS = (
    machine.platform,
    machine.python,
    machine.import_clash,
    machine.scanner,
    machine.logout_kills,
    machine.linger,
    machine.oomd,
    machine.watches,
    machine.descriptors,
    machine.socket_place,
    machine.container_engine,
    _own_files,
)


def run(args: Args) -> int:
    """Print one line for each check; return 1 when something is wrong."""
    del args
    findings = [check() for check in _CHECKS]
    for finding in findings:
        for line in _lines(finding):
            print(line)
    return 1 if any(finding.level == "bad" for finding in findings) else 0


def _lines(finding: Finding) -> list[str]:
    words = {"ok": "ok  ", "warn": "warn", "bad": "BAD "}
    lines = [f"{words[finding.level]}  {finding.what}: {finding.found}"]
    if finding.cure:
        lines.append(f"      → {finding.cure}")
    return lines
