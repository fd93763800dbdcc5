"""One request of a batch API, under the id it has for good: ``request.py STAGE ID``."""

import json
import sys
from pathlib import Path

import runs
from ask import RefusedError, ask

STAGE, ID = sys.argv[1:]

KINDS = {400: "BadRequestError", 429: "RateLimitError"}


def main() -> int:
    try:
        answer = ask(f"/{STAGE}/{ID}")
    except RefusedError as error:
        kind = KINDS.get(error.status, "InternalServerError")
        body = {"error": {"message": error.body["message"]}}
        print(f"openai.{kind}: Error code: {error.status} - {body}", file=sys.stderr)
        return 1
    with Path(f"{STAGE}.jsonl").open("a") as results:
        results.write(json.dumps({"custom_id": ID, "response": answer}) + "\n")
    return 0


runs.began()
code = main()
runs.ended()
sys.exit(code)
