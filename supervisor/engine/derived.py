"""Keeps the files that people and scripts read up to date, without ever holding up the batch."""

import logging

log = logging.getLogger(__name__)

_APART_S = 1.0
_SHARE = 0.02
"""Of one core: writing 20,000 results takes long, so it is done seldom."""
