"""The detector as commands use it: the rules that count here, and what finds and judges them."""

import os
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from supervisor.cli.words import CommandError
from supervisor.core.judging import Judge
from supervisor.core.rules import RuleBook
from supervisor.core.zones import ZoneLookup
from supervisor.ports import Scanner


@dataclass(frozen=True, slots=True)
class Detector:
    """Everything that judging texts takes."""

    rules: RuleBook
    scanner: Scanner
    zone: ZoneLookup

    @property
    def judge(self) -> Judge:
        """Return what judges whole texts."""
        return Judge(self.rules, self.scanner.scan, self.zone)

    @property
    def own_zone(self) -> tzinfo:
        """Return the zone of times without one; times are shown in it, too."""
        zone = self.zone("")
        assert zone is not None
        return zone


def rule_book() -> RuleBook:
    """Return the rules of this installation and of the user's own packs.

    Raises:
        ConfigError: a pack is wrong, or the installation is damaged.
    """
    from supervisor import bootstrap
    from supervisor.config.own_rules import user_rules
    from supervisor.ports import ConfigError

    own = user_rules(os.environ)
    if problems := bootstrap.rule_problems(own):
        raise ConfigError(problems)
    return bootstrap.rule_book(own)


def own_places() -> dict[str, str]:
    """Return the ids of the user's own rules, each with its file and line.

    Raises:
        ConfigError: a pack is wrong.
    """
    from supervisor.config.own_rules import decoded, user_rules

    own = user_rules(os.environ)
    return {rule.id: one.where for one, rule in zip(own, decoded(own), strict=True)}


def detector(zone: str | None) -> Detector:
    """Return the detector; ``zone`` names the zone of times without one, None: the machine's.

    Raises:
        CommandError: there is no such zone.
        ConfigError: as ``rule_book``.
    """
    from supervisor.adapters.scanner import best_scanner
    from supervisor.adapters.zones import zone_lookup

    lookup = zone_lookup(zone)
    if lookup("") is None:
        raise CommandError(f"--tz: there is no time zone {zone!r}; try America/Los_Angeles or UTC")
    rules = rule_book()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "overnight"
    return Detector(rules, best_scanner(rules, cache=cache), lookup)
