"""Moves the wall clock of every Python process of a night: the command, its engine, its runners.

Python imports this module by itself where ``PYTHONPATH`` names its folder, so that nothing in the
product knows of it. Times that the kernel notes, such as a file's, are not moved: a night is played
in the past, where a file that was written "later" is taken for written now.
"""

import os
import time

_AHEAD_S = float(os.environ.get("CLOCK_AHEAD_S", "0"))
_real = time.time


def _moved() -> float:
    return _real() + _AHEAD_S


time.time = _moved
