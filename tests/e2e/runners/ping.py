"""The smallest request there is: exits 0 if the account answers, else with its words."""

import sys

from ask import RefusedError, ask

try:
    ask("/ping")
except RefusedError as error:
    sys.exit(str(error.body["message"]))
