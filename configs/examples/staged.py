"""Two stages of a batch API: what fails is sent again under its own id, and nothing twice.

The API is made up and lives in the folder ``api/``, so that it outlives this script: kill the script
at any time and run it again. With a real one it is ``kit.OpenAIBatches(openai.AsyncOpenAI())`` or
``kit.AnthropicBatches(anthropic.AsyncAnthropic())``.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from supervisor import kit

MANIFEST = "manifest.json"
API = Path("api")
LEFT = {"stage1": (10, 3, 1), "stage2": (2, 0)}
"""How many requests fail in the first batch of a stage, the second, and so on."""


def known_batches() -> list[Path]:
    """Return the files of all batches that were taken."""
    return list(API.glob("batch-*.json"))


class MadeUpBatches:
    """A batch API whose batches are files; each ends at its second look."""

    async def submit(self, requests: Sequence[kit.BatchRequest], key: str) -> str:
        """Take a batch."""
        number = len(known_batches())
        ids = [one.custom_id for one in requests]
        kit.write_json(API / f"batch-{number}.json", {"key": key, "ids": ids, "looks": 0})
        return f"batch-{number}"

    async def find(
        self, requests: Sequence[kit.BatchRequest], key: str, since: float
    ) -> str | None:
        """Look for a batch of which nobody got to know whether it was taken."""
        found = [path.stem for path in known_batches() if kit.read_json(path)["key"] == key]
        return found[0] if found else None

    async def poll(self, batch_id: str) -> kit.BatchStatus:
        """Tell whether it has ended."""
        batch = kit.read_json(API / f"{batch_id}.json")
        kit.write_json(API / f"{batch_id}.json", batch | {"looks": batch["looks"] + 1})
        return kit.BatchStatus(state="ended" if batch["looks"] else "running")

    async def download(self, batch_id: str) -> Sequence[kit.BatchResult]:
        """Return what became of each request."""
        ids = kit.read_json(API / f"{batch_id}.json")["ids"]
        stage = ids[0].partition("-")[0]
        fails = LEFT[stage][len(self._batches_before(batch_id, stage))]
        return [self._result(name, fails=place < fails) for place, name in enumerate(sorted(ids))]

    def _batches_before(self, batch_id: str, stage: str) -> list[Path]:
        number = int(batch_id.removeprefix("batch-"))
        paths = [API / f"batch-{one}.json" for one in range(number)]
        return [path for path in paths if kit.read_json(path)["ids"][0].startswith(stage)]

    def _result(self, name: str, *, fails: bool) -> kit.BatchResult:
        if fails:
            return kit.BatchResult(custom_id=name, success=False, error="server_error: try again")
        return kit.BatchResult(custom_id=name, success=True, response={"text": f"said of {name}"})


async def main() -> int:
    """Run both stages; the second judges what the first brought."""
    provider = MadeUpBatches()
    pace = kit.BatchPace(poll_interval=0.05, poll_cap=0.2)
    first = await kit.run_batch_stage(
        provider,
        [kit.BatchRequest(custom_id=f"stage1-{n:03}", body={"prompt": f"{n}"}) for n in range(100)],
        manifest=MANIFEST,
        description="math-paraphrase",
        stage=1,
        pace=pace,
    )
    answered = [one for one in first if one.success]
    second = await kit.run_batch_stage(
        provider,
        [
            kit.BatchRequest(custom_id=one.custom_id.replace("1", "2", 1), body=one.response)
            for one in answered
        ],
        manifest=MANIFEST,
        description="math-paraphrase",
        stage=2,
        pace=pace,
    )
    judged = [one for one in second if one.success]
    print(json.dumps({"asked": len(first), "answered": len(answered), "judged": len(judged)}))
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
