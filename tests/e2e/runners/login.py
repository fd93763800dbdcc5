"""Gets a new token: into the cache that runners read, or (``--print``) to stdout."""

import sys
from pathlib import Path

from ask import ask

token = ask("/token")
if "--print" in sys.argv:
    print(token)
else:
    cache = Path("msal_token_cache.json.new")
    cache.write_text(token)
    cache.rename("msal_token_cache.json")
