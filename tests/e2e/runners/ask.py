"""One request to the local API, as a runner or a helper command makes it."""

import json
import os
import urllib.error
import urllib.request


class RefusedError(Exception):
    """The API said no: ``status`` and what it said; 0: nobody answered."""

    def __init__(self, status: int, body: dict[str, object]) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


def ask(path: str, token: str = "") -> str:
    """Return the message that the API answers with.

    Raises:
        RefusedError: it refused, or nobody answered.
    """
    request = urllib.request.Request(
        os.environ["API"] + path,
        data=b"{}",
        headers={
            "Authorization": f"Bearer {token}",
            "X-Task": os.environ.get("OVERNIGHT_TASK", ""),
            "X-Attempt": os.environ.get("OVERNIGHT_ATTEMPT", "0"),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(json.load(answer)["message"])
    except urllib.error.HTTPError as error:
        raise RefusedError(error.code, json.loads(error.read())) from error
    except (urllib.error.URLError, ConnectionError) as error:
        raise RefusedError(0, {"message": str(error)}) from error
