"""``python -m tests.bench [--quick] [--slack N] [NAME …]``: print the tables; exit 1 on a miss."""

import argparse
import importlib
import sys

TABLES = (
    "startup",
    "rest",
    "launch",
    "growth",
    "paint",
    "screens",
    "steady",
    "terminal",
    "big_log",
    "crash",
    "scan",
    "follow",
    "bounds",
    "decide",
    "containers",
    "nights",
    "kit",
    "pool",
)


def main() -> int:
    """Run the named tables (all by default)."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", default=TABLES, metavar="NAME", help=", ".join(TABLES))
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller counts")
    parser.add_argument("--slack", type=float, default=1.0, help="loosen each ratio by this factor")
    arguments = parser.parse_args()
    missed = 0
    for name in arguments.names:
        module = importlib.import_module(f"tests.bench.{name}")
        missed += module.table(quick=arguments.quick, slack=arguments.slack)
    print(f"\n{missed} limits missed" if missed else "\nevery limit holds")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
