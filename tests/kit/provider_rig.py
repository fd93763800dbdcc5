"""What the tests of both providers share: one night of batches, driven through a real SDK."""

import json
from pathlib import Path
from typing import Any

from supervisor.kit.batches import run_batch_stage
from supervisor.kit.batches_sender import BatchPace
from supervisor.kit.batches_types import BatchProvider, BatchRequest, BatchResult

MODELS = ["fine", "flaky", "stubborn", "policy", "expires"]


async def no_sleep(seconds: float) -> None:
    """Pass no time."""


async def night(provider: BatchProvider, place: Path, stage: int = 1) -> list[BatchResult]:
    """Run one stage of five requests, one for each fate."""
    requests = [
        BatchRequest(custom_id=f"s-{model}", body={"model": model, "messages": []})
        for model in MODELS
    ]
    return await run_batch_stage(
        provider,
        requests,
        manifest=place / "manifest.json",
        description="capsule",
        stage=stage,
        pace=BatchPace(sleep=no_sleep),
    )


def entry(place: Path) -> dict[str, Any]:
    """Return what the manifest says."""
    document = json.loads((place / "manifest.json").read_text())
    return dict(document["failed_requests"]["capsule"]["stage_1"])


SENT = [
    [f"s-{model}" for model in MODELS],
    ["s-flaky", "s-stubborn", "s-expires"],
    ["s-stubborn"],
]
