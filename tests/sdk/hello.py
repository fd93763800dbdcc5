"""An eval of inspect_ai with three samples, as a user would write it."""

from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.scorer import includes
from inspect_ai.solver import generate


@task
def hello() -> Task:
    """Ask three times for one word."""
    samples = [Sample(input=f"say fine {number}", target="fine") for number in range(3)]
    return Task(dataset=samples, solver=generate(), scorer=includes())
