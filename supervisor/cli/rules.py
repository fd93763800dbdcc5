"""``overnight rules``: list, show and test the detection rules, and see what they do not explain."""

import json

from supervisor.cli.colour import Paint
from supervisor.cli.detector import own_places, rule_book
from supervisor.cli.text import cleaned
from supervisor.cli.words import Args, CommandError
from supervisor.core.codec import encode
from supervisor.core.rules import Rule, RuleBook

_WHERE = {
    "any": "any line",
    "stderr": "lines of stderr",
    "structured": "a server's answer as JSON",
    "error": "lines that look like an error",
    "exception": "the last line of a traceback",
}


def run(args: Args) -> int:
    """Carry out ``rules [list|show ID|test [TEXT]|coverage DIR]``.

    Raises:
        CommandError: there is no such rule, word or directory.
        ConfigError: a rule pack is wrong.
    """
    as_json = args.on("json")
    match args.words:
        case [] | ["list"]:
            _print(list(rule_book()), as_json=as_json)
        case ["show", name]:
            _print_one(_named(rule_book(), name), as_json=as_json)
        case ["test"]:
            from supervisor.cli.trial import try_samples

            return try_samples(rule_book(), as_json=as_json)
        case ["test", text]:
            from supervisor.cli.trial import try_text

            return try_text(text, rule_book(), args.text("tz"), as_json=as_json)
        case ["coverage", directory]:
            from supervisor.cli.coverage import cover

            return cover(directory, as_json=as_json, only_yaml=args.on("yaml"))
        case _:
            raise CommandError("rules takes: list, show ID, test, test TEXT, or coverage DIR")
    return 0


def where(rule: Rule) -> str:
    """Return in which lines a rule counts, in words."""
    return _WHERE[rule.where]


def _named(rules: RuleBook, name: str) -> Rule:
    rule = rules.get(name)
    if rule is None:
        from supervisor.cli.nearest import hint

        raise CommandError(f"there is no rule {name}{hint(name, [rule.id for rule in rules])}")
    return rule


def _print(rules: list[Rule], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([encode(rule, Rule) for rule in rules], ensure_ascii=False))
        return
    own = own_places()
    for rule in rules:
        mark = " (own)" if rule.id in own else ""
        kind = rule.error_class or "when"
        print(f"{rule.id:<26} {kind:<15} {rule.strength:<6} {where(rule)}{mark}")


def _print_one(rule: Rule, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(encode(rule, Rule), ensure_ascii=False))
        return
    import sys

    paint = Paint(sys.stdout)
    print(paint(f"{rule.id}: {rule.error_class or 'says when to try again'}", "bold"))
    if (place := own_places().get(rule.id)) is not None:
        print(f"yours     {cleaned(place)}")
    print(f"strength  {rule.strength}, rank {rule.rank}, in {where(rule)}")
    for line in _alternatives(rule.pattern):
        print(f"pattern   {cleaned(line)}")
    for line in _alternatives(rule.unless or ""):
        print(f"unless    {cleaned(line)}")
    for line in rule.matches:
        print(f"{paint('matches', 'green')}   {cleaned(line)}")
    for line in rule.ignores:
        print(f"{paint('ignores', 'yellow')}   {cleaned(line)}")


def _alternatives(pattern: str) -> list[str]:
    """Return the alternatives of a pattern, as far as they stand outside of brackets."""
    parts: list[str] = []
    depth = begin = place = 0
    while place < len(pattern):
        char = pattern[place]
        if char == "\\":
            place += 1
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == "|" and not depth:
            parts.append(pattern[begin:place])
            begin = place + 1
        place += 1
    return [*parts, pattern[begin:]] if pattern else []
