"""Attempts as local processes, each under a small shell that outlives the engine."""

from supervisor.adapters.local.backend import LocalBackend

__all__ = ["LocalBackend"]
