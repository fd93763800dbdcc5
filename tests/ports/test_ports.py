import subprocess
import sys

import pytest

from supervisor import ports


@pytest.mark.parametrize("name", ports.__all__)
def test_every_promised_name_is_there(name: str) -> None:
    assert getattr(ports, name) is not None


def test_there_is_nothing_else() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        getattr(ports, "Nothing")  # noqa: B009


def test_a_screen_loads_no_facts_about_batches() -> None:
    code = "import sys; from supervisor.ports import EngineApi; print('supervisor.core.models' in sys.modules)"
    argv = [sys.executable, "-c", code]
    assert subprocess.run(argv, capture_output=True, text=True, check=True).stdout == "False\n"
