"""``overnight rules coverage``: which failed attempts no rule explains, as the start of new rules."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import get_terminal_size

from supervisor.cli.bars import count_bar
from supervisor.cli.colour import Paint
from supervisor.cli.detector import Detector, detector
from supervisor.cli.samples import Document
from supervisor.cli.text import cleaned, cut
from supervisor.cli.unexplained import Attempt, attempts, explanation
from supervisor.cli.words import CommandError
from supervisor.core.masking import masked, name_of, pattern_of
from supervisor.core.shape import bare

NOTHING = "(it wrote nothing)"
"""Stands for the last line of an attempt without any; no rule can match it."""
_SIGNALLED = 128
_LISTED = 10
_HINT = (
    "# The start of a rule for the first kind; --yaml prints one for each.",
    "# Name its class, shorten the pattern to what matters, put it into",
    "# ~/.config/overnight/rules/mine.yaml, and try it: overnight rules test",
)


@dataclass(slots=True)
class Group:
    """Unexplained attempts whose last lines are alike."""

    line: str
    example: Path
    count: int = 0


@dataclass(slots=True)
class Coverage:
    """What the rules explain of a directory."""

    attempts: int = 0
    failed: int = 0
    signalled: int = 0
    """Failed by a signal, with nothing that explains it: stopped or killed, most often."""
    classes: Counter[str] = field(default_factory=Counter[str])
    groups: dict[str, Group] = field(default_factory=dict[str, Group])

    @property
    def unknown(self) -> int:
        """Return how many failed attempts nothing explains."""
        return sum(group.count for group in self.groups.values())

    def ranked(self) -> list[Group]:
        """Return the groups, the most frequent first."""
        return sorted(self.groups.values(), key=lambda group: (-group.count, group.line))

    def take(self, attempt: Attempt, used: Detector) -> None:
        """Count one attempt in."""
        self.attempts += 1
        if attempt.code == 0 or attempt.code is None:
            return
        self.failed += 1
        found = explanation(attempt, used)
        if found.error_class is not None:
            self.classes[found.error_class] += 1
        elif attempt.code > _SIGNALLED:
            self.signalled += 1
        else:
            line = bare(found.last_line) or NOTHING
            group = self.groups.setdefault(masked(line), Group(line, found.path))
            group.count += 1


def cover(directory: str, *, as_json: bool, only_yaml: bool) -> int:
    """Judge every failed attempt below ``directory`` by today's rules; print what they leave open.

    Raises:
        CommandError: there is no such directory, or nothing in it.
    """
    root = Path(directory)
    if not root.is_dir():
        raise CommandError(f"{directory} is no directory; a batch's is .overnight/NAME")
    found = attempts(root)
    if not found:
        raise CommandError(f"below {directory} there are neither attempts nor *.log files")
    used, covered = detector(None), Coverage()
    with count_bar(root.name, len(found)) as told:
        for done, attempt in enumerate(found, start=1):
            covered.take(attempt, used)
            told(done)
    if as_json:
        print(json.dumps(_document(directory, covered), ensure_ascii=False))
        return 0
    lines = skeleton(covered.ranked()) if only_yaml else _told(directory, found, covered)
    for line in lines:
        print(line)
    return 0


def skeleton(groups: Sequence[Group]) -> Iterator[str]:
    """Yield a rule pack with the start of one rule for each group."""
    yield "rules:"
    seen: Counter[str] = Counter()
    for group in groups:
        pattern = "" if group.line == NOTHING else pattern_of(group.line)
        if not pattern:
            continue
        name = name_of(group.line)
        seen[name] += 1
        yield f"  - id: mine.{name}" + (f"-{seen[name]}" if seen[name] > 1 else "")
        yield "    class: unknown"
        yield f"    pattern: {_quoted(pattern)}"
        yield "    matches:"
        yield f"      - {_quoted(cleaned(group.line))}"


def _document(directory: str, covered: Coverage) -> Document:
    return {
        "v": 1,
        "directory": directory,
        "attempts": covered.attempts,
        "failed": covered.failed,
        "explained": dict(covered.classes.most_common()),
        "signalled": covered.signalled,
        "unknown": covered.unknown,
        "groups": [
            {
                "count": group.count,
                "line": cleaned(group.line),
                "masked": cleaned(masked(group.line)),
                "example": str(group.example),
                "pattern": "" if group.line == NOTHING else pattern_of(group.line),
            }
            for group in covered.ranked()
        ],
    }


def _told(directory: str, found: Sequence[Attempt], covered: Coverage) -> Iterator[str]:
    paint = Paint(sys.stdout)
    on_terminal = sys.stdout.isatty()
    width = max(40, get_terminal_size().columns) if on_terminal else 100_000
    if found[0].is_file:
        yield f"no attempts below {cleaned(directory)}; every *.log is taken for one that failed"
    yield f"{covered.attempts} attempts, {covered.failed} failed"
    for error_class, count in covered.classes.most_common():
        yield f"{count:>7}  {error_class}"
    if covered.signalled:
        yield f"{covered.signalled:>7}  ended by a signal and said nothing: stopped, most often"
    yield paint(f"{covered.unknown:>7}  unknown", *(("bold", "yellow") if covered.unknown else ()))
    ranked = covered.ranked()
    for group in ranked[:_LISTED]:
        yield ""
        yield cut(f"{group.count:>7} × {cleaned(masked(group.line))}", width)  # noqa: RUF001 - a count
        yield paint(f"{'':>7}   {cleaned(str(group.example))}", "dim")
    if len(ranked) > _LISTED:
        yield f"\n{len(ranked) - _LISTED} more kinds; --json has them all"
    if worded := [group for group in ranked if group.line != NOTHING]:
        yield ""
        yield from _HINT
        yield from skeleton(worded[:1])


def _quoted(text: str) -> str:
    """Return ``text`` as YAML's single quotes have it."""
    return "'" + text.replace("'", "''") + "'"
