"""``overnight clean`` removes logs of what is long done, and nothing else."""

from pathlib import Path

import pytest

from supervisor.cli.text import now
from supervisor.core.models import TaskId
from supervisor.core.places import attempt_dir
from tests.cli.conftest import Place, call

DAY = 86400.0


@pytest.fixture
def old(place: Place) -> Path:
    """Give the one attempt of a batch that was done 40 days ago."""
    info = place.ended(ended_at=now() - 40 * DAY, ended="done")
    attempt = Path(attempt_dir(info.directory, TaskId("g/a"), 1))
    attempt.mkdir(parents=True)
    (attempt / "stdout.log").write_bytes(b"x" * 5_000_000)
    (attempt.parent / "state.json").touch()
    return attempt


def test_it_asks_lists_and_removes(place: Place, old: Path) -> None:
    said = call("clean", "--older", "30d", "--dry-run")
    assert said.code == 0
    assert "1 attempts, 5.0 MB" in said.out
    assert call("clean", "--older", "30d").code == 1
    assert old.exists()
    assert call("clean", "--older", "30d", "--yes").code == 0
    assert not old.exists()
    assert (old.parent / "state.json").exists()
    assert "nothing to remove" in call("clean", "--older", "30d", "--yes").out


@pytest.mark.parametrize(("days_ago", "ended"), [(20, "done"), (40, "stopped"), (None, None)])
def test_what_is_young_or_unfinished_stays(
    place: Place, old: Path, days_ago: int | None, ended: str | None
) -> None:
    ended_at = None if days_ago is None else now() - days_ago * DAY
    place.ended(ended_at=ended_at, ended=ended)
    assert call("clean", "--older", "30d", "--yes", "-b", "night").code == 0
    assert old.exists()


def test_an_age_is_needed(place: Place) -> None:
    assert "how old" in call("clean").err
    assert "no unit" in call("clean", "--older", "30").err
