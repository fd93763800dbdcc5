"""A runner of a test: notes each item it begins, does it, records it. ``runner.py FOLDER COUNT``."""

import os
import sys
from pathlib import Path

from supervisor import kit


def main() -> int:
    """Run to the end, or until something ends it."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    begun = os.open(folder / "begun", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with kit.run(folder / "results.jsonl", settings={"count": count}, sync="never") as run:
        for item in run.todo([{"id": number, "text": "x" * 50} for number in range(count)]):
            os.write(begun, f"{item['id']}\n".encode())
            run.done(item, {"square": item["id"] ** 2, "text": "y" * (item["id"] % 97)})
    return run.exit_code


if __name__ == "__main__":
    sys.exit(main())
