"""An experiment on a subscription: says what the vendor's command line says when its window closes."""

import sys

import runs
from ask import RefusedError, ask

runs.began()
code = 0
try:
    ask("/v1/messages")
    print("passed")
except RefusedError as error:
    print(error.body["message"], file=sys.stderr)
    code = 1
runs.ended()
sys.exit(code)
