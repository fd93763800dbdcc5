"""A login that waits for a person is shown while it waits; who is needed is called once."""

from tests.e2e.night import OVERNIGHT, Night
from tests.support import until_sync
from tests.terminal import terminal

PAGE, CODE = "https://microsoft.com/devicelogin", "AB12CD34E"
ASKS = (
    f"echo 'WARNING: To sign in, use a web browser to open the page {PAGE} and enter the code"
    f" {CODE} to authenticate.' >&2; until [ -e go ]; do sleep 0.05; done; echo s3cret-value"
)
"""As ``az login --use-device-code`` writes it."""


def needs(night: Night) -> list[dict[str, str]]:
    return list(night.status()["needs_you"])


def test_a_device_code_is_shown_live(night: Night) -> None:
    (night.place / "login.sh").write_text(ASKS)
    night.write(
        "batch: night\nlimit: azure\n"
        "limits: {azure: {refresh: {run: sh login.sh, env: {TOKEN: stdout}}}}\n"
        "groups: {g: {run: 'test \"$TOKEN\" = s3cret-value'}}\n"
    )
    night.detach()
    until_sync(lambda: needs(night))
    (need,) = needs(night)
    assert need["what"] == "azure: login"
    assert PAGE in need["why"]
    assert CODE in need["why"]
    told = night.overnight("status", code=0).stdout.splitlines()
    assert told[0].startswith("NEEDS YOU  azure: login: ")
    assert max(map(len, told)) <= 60
    assert f"→ open {PAGE} and enter {CODE}" in " ".join(line.strip() for line in told[:3])
    with terminal(
        [OVERNIGHT, "attach", "night"], cwd=night.place, environment=night.environment
    ) as ui:
        ui.wait_for(PAGE.encode())
        ui.wait_for(CODE.encode())
    (night.place / "go").touch()
    night.overnight("wait", "night", code=0)
    assert needs(night) == []
    assert set(night.phases().values()) == {"succeeded"}


def test_a_failed_login_stands_first_and_calls_once(night: Night) -> None:
    fails = "echo try >> tries.txt; [ -e cured ] || { echo AADSTS700082: expired >&2; exit 1; }"
    (night.place / "login.sh").write_text(f"{fails}; echo value\n")
    night.write(
        "batch: night\nlimit: azure\n"
        'notify: {run: "cat >> paged.txt", when: [needs_you]}\n'
        "limits: {azure: {refresh: {run: sh login.sh, env: {TOKEN: stdout}}}}\n"
        'groups: {g: {run: "true", for: {n: [a, b, c]}}}\n'
    )
    night.detach()
    assert called(night) == 1
    (need,) = needs(night)
    assert need["what"] == "azure"
    assert "AADSTS700082" in need["why"]
    assert need["command"] == "az login --use-device-code; overnight resume azure"
    assert night.overnight("status", code=0).stdout.startswith("NEEDS YOU  azure: ")
    night.overnight("refresh", "azure", code=0)
    tries = night.place / "tries.txt"
    until_sync(lambda: tries.read_text().count("try") == 2)
    until_sync(lambda: [one["what"] for one in needs(night)] == ["azure"])
    assert called(night) == 1, "it is the same incident"
    (night.place / "cured").touch()
    night.overnight("refresh", "azure", code=0)
    night.overnight("wait", "night", code=0)
    assert needs(night) == []
    assert called(night) == 1


def called(night: Night) -> int:
    """How often the operator was called, once there was a call."""
    paged = night.place / "paged.txt"
    until_sync(lambda: paged.exists() and paged.read_text().endswith("\n"))
    return len(paged.read_text().splitlines())
