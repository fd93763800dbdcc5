"""A benchmark's task: some model calls with the token found at its start; dies as the SDK does."""

import os
import sys
import time
from pathlib import Path

import runs
from ask import RefusedError, ask

CALLS = int(sys.argv[1])
NAP_S = float(sys.argv[2])

NAMES = {
    0: "openai.APIConnectionError: Connection error.",
    401: "openai.AuthenticationError: Error code: 401 - {body}",
    429: "openai.RateLimitError: Error code: 429 - {body}",
}
OTHERS = "openai.InternalServerError: Error code: {status} - {body}"


def died(error: RefusedError) -> None:
    print("Traceback (most recent call last):", file=sys.stderr)
    print('  File "agents/main.py", line 71, in run', file=sys.stderr)
    words = NAMES.get(error.status, OTHERS)
    print(words.format(status=error.status, body=error.body), file=sys.stderr)


def main() -> int:
    token = os.environ.get("TRAPI_TOKEN") or Path("msal_token_cache.json").read_text()
    for number in range(CALLS):
        try:
            ask("/chat", token)
        except RefusedError as error:
            died(error)
            return 1
        print(f"step {number + 1}/{CALLS}", flush=True)
        time.sleep(NAP_S)
    return 0


runs.began()
code = main()
runs.ended()
sys.exit(code)
