"""One benchmark task: asks the API a few times, writes a result, and fails as real runners do.

``python runner.py BENCHMARK ITEM [FAULT]``; FAULT is one of rate_limit, overloaded, dropped, cuda,
hang, broken. DEMO_DIR holds the token and the port, DEMO_SCALE stretches the work.
"""

import http.client
import json
import os
import sys
import time
import traceback
from pathlib import Path

import wordings

REQUESTS = 4
HERE = Path(os.environ["DEMO_DIR"])
SCALE = float(os.environ.get("DEMO_SCALE", "1"))
ATTEMPT = int(os.environ.get("OVERNIGHT_ATTEMPT", "1"))


class AuthenticationError(Exception):
    """The API refused the token."""


class RateLimitError(Exception):
    """The API said: later."""


class InternalServerError(Exception):
    """The API is unwell."""


ERRORS = {401: AuthenticationError, 429: RateLimitError, 503: InternalServerError}


def ask(task: str, fault: str, account: str) -> str:
    """Send one request; the token was read when this process began."""
    port = int((HERE / "port").read_text())
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        "X-Task": task,
        "X-Fault": fault,
        "X-Account": account,
    }
    try:
        connection.request("POST", "/v1/chat/completions", json.dumps({"task": task}), headers)
        response = connection.getresponse()
        text = response.read().decode()
    except (http.client.RemoteDisconnected, ConnectionResetError) as error:
        raise SystemExit(_dropped(task)) from error
    finally:
        connection.close()
    if response.status != 200:
        raise ERRORS[response.status](f"Error code: {response.status} - {text}")
    return text


def _dropped(task: str) -> str:
    print("Traceback (most recent call last):", file=sys.stderr)
    print(f'  File "{__file__}", line 52, in ask', file=sys.stderr)
    return wordings.pick(wordings.DROPPED, task)


def local_fault(task: str, fault: str) -> None:
    """Meet the faults that need no server."""
    if fault == "broken":
        raise SystemExit(wordings.NO_MODULE[0])
    if fault == "cuda" and ATTEMPT == 1:
        print("bitsandbytes: loading meta-llama/Llama-3.1-8B in 8-bit", flush=True)
        time.sleep(SCALE)
        raise SystemExit(wordings.pick(wordings.CUDA_BROKEN, task))
    if fault == "hang" and ATTEMPT == 1:
        print("waiting for the container to become healthy ...", flush=True)
        time.sleep(3600)


def work(task: str, fault: str, account: str) -> None:
    """Ask the API a few times and write the result."""
    for number in range(1, REQUESTS + 1):
        time.sleep(0.9 * SCALE)
        ask(task, fault if number == 2 else "", account)
        print(f"{task}: sample {number}/{REQUESTS} scored", flush=True)
    results = HERE / "results" / task
    results.mkdir(parents=True, exist_ok=True)
    with (results / "runs.txt").open("a") as runs:
        runs.write(f"attempt {ATTEMPT}\n")


def main() -> int:
    """Run one task and return its exit status."""
    benchmark, item = sys.argv[1], sys.argv[2]
    fault = sys.argv[3] if len(sys.argv) > 3 else ""
    task = f"{benchmark}/{item}"
    print(f"[hal] {task}: attempt {ATTEMPT}", flush=True)
    local_fault(task, fault)
    try:
        work(task, fault, os.environ.get("DEMO_ACCOUNT", ""))
    except (AuthenticationError, RateLimitError, InternalServerError):
        traceback.print_exc()
        return 1
    print(f"[hal] {task}: done", flush=True)
    return 0


if __name__ == "__main__":
    TOKEN = json.loads((HERE / "token.json").read_text())["token"]
    sys.exit(main())
