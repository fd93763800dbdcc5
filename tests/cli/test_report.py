"""``overnight report``."""

import json
from pathlib import Path

from tests.cli.conftest import Night


async def test_it_is_printed_and_kept(night: Night) -> None:
    said = await night.overnight("report")
    assert (said.code, said.out) == (0, "# night: überall\n")
    path = Path(night.info.directory) / "report.md"
    assert path.read_text() == said.out
    assert path.stat().st_mode & 0o777 == 0o600
    document = json.loads((await night.overnight("report", "night", "--json")).out)
    assert document == {"batch": "night", "path": str(path), "markdown": said.out}


async def test_html_comes_later(night: Night) -> None:
    assert "not in this version yet" in (await night.overnight("report", "--html")).err


async def test_a_full_disk_does_not_hide_it(night: Night) -> None:
    (Path(night.info.directory) / "report.md").mkdir()
    said = await night.overnight("report", "--json")
    assert json.loads(said.out)["path"] is None
