"""The text of ``overnight containers``: counts first, the dead on top, 60 columns."""

from typing import Any

from supervisor.cli.containers_text import lines
from supervisor.cli.text import width_of

HAL = "agentrun--3f2a9c1e-77aa-41ab-9c"


def one(state: str, name: str = HAL, **more: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "state": state,
        "name": name,
        "owned": True,
        "task": "hal/capsule-0921079",
        "cores": 0.0,
        "mem_bytes": 470_000,
        "quiet_for_s": 700,
        "why": "no CPU, only its sleeper runs",
    }
    return facts | more


def test_counts_come_first() -> None:
    found = [one("dead_idle")] * 20 + [one("idle")] * 37 + [one("busy", cores=0.2)] * 3
    first, head, *rest = lines(found, 60, batch="night")
    assert first == "night: 3 busy, 37 idle, 20 dead-idle"
    assert head.split() == ["STATE", "CPU", "MEM", "QUIET", "NAME", "TASK"]
    assert len(rest) == 61
    assert rest[-1] == "end the dead ones of this batch: overnight kill-container --dead"


def test_sixty_columns_are_enough_and_more_tell_why() -> None:
    found = [one("dead_idle"), one("busy", name="評価-コンテナ-" * 4, cores=12.5, quiet_for_s=None)]
    assert all(width_of(line) <= 60 for line in lines(found, 60, batch=None)[:-1])
    wide = lines(found, 140, batch=None)
    assert HAL in wide[2]
    assert "only its sleeper runs" in wide[2]


def test_what_is_not_known_is_left_blank_and_whose_it_is_is_said() -> None:
    gone = one("exited", cores=None, mem_bytes=None, quiet_for_s=None, owned=False, task=None)
    text = lines([gone], 60, batch=None)
    assert text[0] == "this machine: 0 busy, 0 idle, 0 dead-idle, 1 exited"
    assert text[2].split()[:2] == ["exited", HAL[:19] + "…"]
    assert "unowned" in text[2]
    assert len(text) == 3


def test_names_cannot_play_tricks() -> None:
    (_, _, row) = lines([one("idle", name="a\x1b[2Jb")], 60, batch="n")
    assert "\x1b" not in row


def test_nothing_there() -> None:
    assert lines([], 60, batch="night") == ["night: no containers"]
    assert lines([], 60, batch=None) == ["this machine: no containers"]


def test_sizes_and_spans_stay_short() -> None:
    big = one("idle", mem_bytes=17 << 30, quiet_for_s=3 * 86400 + 7200)
    assert lines([big], 60, batch=None)[2].split()[2:4] == ["17G", "3d2h"]
    long = one("idle", mem_bytes=3 << 20, quiet_for_s=4000)
    assert lines([long], 60, batch=None)[2].split()[2:4] == ["3.0M", "1h06m"]
    tiny = one("idle", mem_bytes=12, quiet_for_s=45_000)
    assert lines([tiny], 60, batch=None)[2].split()[2:4] == ["12B", "12h"]


def test_one_s_own_are_named_to_be_ended() -> None:
    dead = one("dead_idle", owned=False, task=None)
    assert lines([dead], 60, batch="n")[-1] == "end one: overnight kill-container NAME"
    assert lines([dead], 60, batch=None)[-1] == "end one: overnight kill-container NAME"
