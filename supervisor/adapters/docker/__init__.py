"""Container tasks and everything else that speaks to a container engine."""
