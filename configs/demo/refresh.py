"""Get a fresh token, as ``az account get-access-token`` would: ``python refresh.py TOKEN_FILE``."""

import json
import secrets
import sys
from pathlib import Path


def main() -> None:
    """Replace the token file by one with the next serial number, atomically."""
    path = Path(sys.argv[1])
    serial = json.loads(path.read_text())["serial"] + 1 if path.exists() else 1
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps({"serial": serial, "token": secrets.token_hex(16)}))
    temporary.rename(path)
    print(f"got token number {serial}")


if __name__ == "__main__":
    main()
