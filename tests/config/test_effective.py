"""Every default in force, for reading."""

from dataclasses import replace

from supervisor.config.effective import effective, flat
from tests.config.conftest import Loader


def test_every_default_is_shown(loaded: Loader) -> None:
    values = effective(loaded("groups: {g: {run: x}}"))
    assert values["groups"]["g"] == {
        "tasks": 1,
        "parallel": 4,
        "inner": "none",
        "order": 0,
        "weight": [1],
        "gpus": [],
        "limit": ["g"],
        "needs": [],
        "sources": [],
        "retry": {
            "attempts": 4,
            "base": "30s",
            "factor": "2",
            "cap": "5m",
            "jitter": "2s..7s",
        },
        "stagger": "0s..0s",
        "timeout": {"first": "none", "growth": "1.5"},
        "breaker": {"consecutive": 5, "then": "pause", "probe_after": "15m"},
        "stall": {
            "quiet": "30m",
            "action": "mark",
            "signals": ["log", "progress", "cpu", "children"],
        },
        "progress": ["marks, else tqdm bars"],
        "give_up": {"holds": 20, "waited": "2d", "launches": 100},
        "degrade": "off",
        "errors": {},
        "runner": ["generic"],
        "success": {"exit": ["0"]},
        "leftovers": "end",
        "failed_file": "none",
    }


def test_what_was_given_is_shown(loaded: Loader) -> None:
    values = effective(
        loaded(
            """
            disk_floor: 1536MiB
            timezone: UTC
            parallel: 9
            limits: {l: {refresh: {run: renew it}}}
            groups:
              a: {run: x}
              g:
                needs: a
                limit: l
                timeout: 2h
                breaker: {then: abort}
                errors: {auth: {attempts: 2, action: fail}, network: {base: 10m}}
                leftovers: leave
                tasks: [{id: s, run: x}, {id: t, run: x, needs: s}]
            """
        )
    )
    assert (values["disk_floor"], values["timezone"], values["parallel"]) == ("1536MiB", "UTC", 9)
    assert values["limits"]["l"] == {"refresh": {"run": "renew it", "timeout": "1m"}}
    assert values["groups"]["g"]["needs"] == ["a"]
    assert values["groups"]["g"]["timeout"] == {"first": "2h", "growth": "1.5"}
    assert values["groups"]["g"]["breaker"] == {"consecutive": 5, "then": "abort"}
    assert values["groups"]["g"]["errors"] == {
        "auth": {"action": "fail", "attempts": 2},
        "network": {"base": "10m", "factor": "2", "cap": "10m"},
    }


def test_what_the_runners_profile_says_of_silence_and_progress(loaded: Loader) -> None:
    spec = loaded("{run: lm_eval --tasks x, stall: {signals: [cpu, log]}}")
    (profile,) = spec.profiles
    values = effective(replace(spec, profiles=(replace(profile, quiet_s=7200.0),)))
    (group,) = values["groups"].values()
    assert group["stall"] == {"quiet": "2h", "action": "mark", "signals": ["log", "cpu"]}
    assert group["progress"] == [r"(\d+)/(\d+) \["]


def test_a_breaker_of_a_share_per_key(loaded: Loader) -> None:
    values = effective(
        loaded(
            """
            run: x {model}
            for: {model: [a, b]}
            breaker: {share: 50% of the last 20, per: model}
            """
        )
    )
    (group,) = values["groups"].values()
    assert group["breaker"] == {
        "consecutive": "not counted",
        "share": "50% of the last 20",
        "per": ["model"],
        "then": "pause",
        "probe_after": "15m",
    }


def test_sizes(loaded: Loader) -> None:
    floors = [
        effective(loaded(f"run: x\ndisk_floor: {size}"))["disk_floor"]
        for size in ("10GiB", "5KiB", "5B", "0B")
    ]
    assert floors == ["10GiB", "5KiB", "5B", "none"]


def test_lines_for_reading(loaded: Loader) -> None:
    assert flat({"a": 1, "b": {"c": "x", "d": ["1", "2"]}, "e": {"f": {"g": []}}, "h": {}}) == [
        "a: 1",
        "b: c x, d 1, 2",
        "e:",
        "  f: g none",
        "h: none",
    ]


def test_commands_of_limits_and_calls(loaded: Loader) -> None:
    values = effective(
        loaded(
            """
            run: x
            limit: l
            notify: {run: page, when: done}
            limits:
              l:
                refresh: {run: login, every: 45m, env: {TOKEN: stdout}}
                preflight: {run: ping, timeout: 5s}
                pace: 30/h
            """
        )
    )
    assert values["notify"] == {"run": "page", "timeout": "1m", "when": ["done"]}
    assert values["limits"]["l"] == {
        "refresh": {
            "run": "login",
            "timeout": "1m",
            "every": "45m",
            "env": ["TOKEN from its stdout"],
        },
        "preflight": {"run": "ping", "timeout": "5s"},
        "pace": "30/h",
    }
    assert effective(loaded("run: x"))["notify"] == "nobody is called"
