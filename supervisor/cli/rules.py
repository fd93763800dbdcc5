"""``overnight rules``: list, show and test the detection rules."""

import json
import os

from supervisor.cli.words import Args, CommandError
from supervisor.config.data import find
from supervisor.config.packs import load_built, sample_faults
from supervisor.core.codec import encode
from supervisor.core.rules import Rule, RuleBook


def run(args: Args) -> int:
    """Carry out ``rules [list|show ID|test]``.

    Raises:
        CommandError: there is no such rule or word.
    """
    rules = load_built(find("configs/rules.json", os.environ))
    match args.words:
        case [] | ["list"]:
            _print(list(rules), as_json=args.on("json"))
        case ["show", name]:
            _print_one(_named(rules, name), as_json=args.on("json"))
        case ["test"]:
            return _test(rules)
        case _:
            raise CommandError("rules takes: list, show ID, or test")
    return 0


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
    for rule in rules:
        print(f"{rule.id:<24} {rule.error_class or 'when':<15} {rule.strength}")


def _print_one(rule: Rule, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(encode(rule, Rule), ensure_ascii=False))
        return
    print(f"{rule.id}: {rule.error_class or 'says when to try again'}")
    print(f"strength  {rule.strength}, rank {rule.rank}, in {_where(rule)}")
    print(f"pattern   {rule.pattern}")
    if rule.unless:
        print(f"unless    {rule.unless}")
    for line in rule.matches:
        print(f"matches   {line}")
    for line in rule.ignores:
        print(f"ignores   {line}")


def _where(rule: Rule) -> str:
    return "any line" if rule.where == "any" else "lines that look like an error"


def _test(rules: RuleBook) -> int:
    faults = list(sample_faults(rules, rules))
    for fault in faults:
        print(fault)
    samples = sum(len(rule.matches) + len(rule.ignores) for rule in rules)
    print(f"{len(rules)} rules, {samples} samples, {len(faults)} wrong")
    return 1 if faults else 0
