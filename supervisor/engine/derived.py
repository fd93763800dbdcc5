"""Keeps the files that people and scripts read up to date, without ever holding up the batch."""

import asyncio
import logging
import time
from collections.abc import Callable, Set

from supervisor.core import documents
from supervisor.core.models import TaskId
from supervisor.core.phase import Failed
from supervisor.core.state import Batch
from supervisor.ports import Artifacts, Clock

log = logging.getLogger(__name__)

_APART_S = 1.0
_SHARE = 0.02
"""Of one core: writing 20,000 results takes long, so it is done seldom."""
