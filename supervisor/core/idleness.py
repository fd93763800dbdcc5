"""Tells busy containers from idle ones, and those that wait from those whose work is dead.

Idle CPU alone proves nothing: an agent waits for its model at 0 %. So each verdict names what it was
judged by, and ``dead_idle`` needs that nothing but the sleeper runs inside, that no CPU is used, and a
third sign: the error file that a crashed runner leaves, an attempt that is over, or a silence of all
signs as long as the batch file says.
"""

from dataclasses import dataclass, replace

from supervisor.core.containers import (
    HISTORY_EVERY_S,
    HISTORY_POINTS,
    Container,
    ContainerState,
    ContainerUsage,
    Signals,
)

BUSY_CORES = 0.02
"""Less than this over the window is waiting: pollers and sleepers use a tenth of it."""
_WINDOW_S = 20.0
_SMOOTH_S = 15.0
"""Cores are smoothed over about so long, or rows sorted by them would jump."""
_RATES_EVERY_S = 15.0
_SPOKE_BYTES = 256
"""Sent since the last look: less is the chatter of a bridge."""
_SPOKE_S = 60.0
_GRACE_S = 10.0
"""A runner that sees the error itself clears up within this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What is remembered of one container; bounded, however long it lives."""

    first_at: float
    """When it was first looked at."""
    created_at: float = float("-inf")
    """When it was made: older files came with its image."""
    recent: tuple[tuple[float, float], ...] = ()
    """Moments and CPU seconds of the last ``_WINDOW_S``."""
    base: ContainerUsage | None = None
    """Since when the rates are counted."""
    usage: ContainerUsage | None = None
    signals: Signals | None = None
    cores: float | None = None
    net_rate: float | None = None
    block_rate: float | None = None
    throttled: float | None = None
    worked_at: float | None = None
    """When it last used CPU worth the name."""
    spoke_at: float | None = None
    """When it was last seen to have sent something."""
    points: tuple[float, ...] = ()
    point: tuple[float, float] | None = None
    """Where the point of the history that is not whole yet begins: moment, CPU seconds."""
    state: ContainerState = "unknown"
    since: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a container does, and what says so."""

    state: ContainerState
    why: str
    answering: bool = False
    """Idle because it waits for an answer from elsewhere: it works."""
    dead_since: float | None = None


def measured(track: Track, usage: ContainerUsage) -> Track:
    """Return ``track`` with one more reading; counters that went back begin anew."""
    last = track.usage
    if last is not None and (usage.cpu_s < last.cpu_s or usage.at <= last.at):
        track = replace(track, recent=(), base=None, point=None)
        last = None
    cores, worked_at = track.cores, track.worked_at
    if last is not None:
        span_s = usage.at - last.at
        now = (usage.cpu_s - last.cpu_s) / span_s
        part = min(1.0, span_s / _SMOOTH_S)
        cores = now if cores is None else cores + part * (now - cores)
        worked_at = usage.at if now >= BUSY_CORES else worked_at
    # After a pause of the watch the last one before it is all there is to compare with.
    kept = [one for one in track.recent if usage.at - one[0] <= _WINDOW_S] or track.recent[-1:]
    return _rated(
        _pointed(
            replace(
                track,
                recent=(*kept, (usage.at, usage.cpu_s)),
                usage=usage,
                cores=cores,
                worked_at=worked_at,
            ),
            usage,
        ),
        usage,
    )


def judged(
    track: Track, container: Container, now: float, *, over: bool, dead_after_s: float | None
) -> tuple[Track, Verdict]:
    """Return the verdict at ``now``, and ``track`` with the state it is in.

    ``over``: the attempt that made it is over, so nobody will come back to it. ``dead_after_s``: so
    long a silence of every sign means death; None: no silence does.
    """
    verdict = _verdict(track, container, now, over=over, dead_after_s=dead_after_s)
    if verdict.state == track.state:
        return track, verdict
    since = now
    if verdict.state in {"idle", "dead_idle"}:
        known = (verdict.dead_since, quiet_since(track), now)
        since = next(at for at in known if at is not None)
    return replace(track, state=verdict.state, since=since), verdict


def quiet_since(track: Track) -> float | None:
    """Return the last sign of work; None: it works now, or nothing is known."""
    if track.usage is None:
        return None
    seen = track.signals
    signs = [track.worked_at, track.spoke_at]
    if seen is not None:
        signs += [seen.written_at, seen.error_at, seen.output_at]
    known = [at for at in signs if at is not None]
    # Before the first look nobody watched; files remember longer.
    return max(track.created_at, *known) if known else track.first_at


def _verdict(
    track: Track, container: Container, now: float, *, over: bool, dead_after_s: float | None
) -> Verdict:
    if container.status == "paused":
        return Verdict(state="paused", why="paused")
    if container.status == "created":
        return Verdict(state="created", why="made, but never started")
    if not container.running:
        return Verdict(state="exited", why=_ended(container))
    if len(track.recent) < 2:
        return Verdict(state="unknown", why="not measured yet")
    (at, cpu_s), *_, (last_at, last_cpu_s) = track.recent
    cores = (last_cpu_s - cpu_s) / (last_at - at)
    if cores >= BUSY_CORES:
        return Verdict(state="busy", why=_working(track.signals))
    if track.signals is None or _alive(track.signals) is None:
        return Verdict(state="unknown", why="uses no CPU; what runs in it cannot be seen")
    return _quiet(track, track.signals, container, now, over=over, dead_after_s=dead_after_s)


def _quiet(
    track: Track,
    seen: Signals,
    container: Container,
    now: float,
    *,
    over: bool,
    dead_after_s: float | None,
) -> Verdict:
    """Judge one that uses no CPU."""
    speaks = bool(seen.connections) or (
        track.spoke_at is not None and now - track.spoke_at <= _SPOKE_S
    )
    alive = _alive(seen)
    if alive and speaks:
        what = "its connection is open" if seen.connections else "it has just sent something"
        return Verdict(
            state="idle", why=f"waits for an answer: {_life(seen)}, {what}", answering=True
        )
    silent_at = quiet_since(track)
    # What used CPU before anybody watched may have left no trace: silence counts from the first look.
    silent_s = 0.0 if silent_at is None else now - max(silent_at, track.first_at)
    if dead_after_s is not None and silent_s >= dead_after_s and not speaks:
        return Verdict(
            state="dead_idle",
            why=f"no CPU, no network, nothing written for long; {_life(seen)}",
            dead_since=silent_at,
        )
    if alive:
        return Verdict(state="idle", why=f"no CPU, no network in use; {_life(seen)}")
    failed_at = _failed_at(seen, container)
    if failed_at is not None and now - failed_at >= _GRACE_S:
        return Verdict(
            state="dead_idle",
            why=f"{seen.error_file} was written, no CPU, {_life(seen)}",
            dead_since=max(failed_at, failed_at if track.worked_at is None else track.worked_at),
        )
    if over:
        return Verdict(
            state="dead_idle", why=f"the attempt that made it is over, no CPU, {_life(seen)}"
        )
    if seen.output_at is not None and seen.output_at >= container.created_at:
        return Verdict(state="idle", why=f"{seen.output_file} was written, {_life(seen)}")
    return Verdict(state="idle", why=f"no CPU, {_life(seen)}")


def _failed_at(seen: Signals, container: Container) -> float | None:
    """Return when the work failed; a file that came with the image tells nothing, nor one since made good."""
    at = seen.error_at
    if at is None or at < container.created_at - 1:  # the engine may tell whole seconds only
        return None
    return None if seen.output_at is not None and seen.output_at > at else at


def _alive(seen: Signals) -> bool | None:
    """Whether a process is there that could work; None: cannot be seen."""
    if seen.extra_processes:
        return True
    if seen.sleeper is False:
        return True
    return None if seen.extra_processes is None or seen.sleeper is None else False


def _life(seen: Signals) -> str:
    if seen.extra_processes:
        return (
            "1 process alive"
            if seen.extra_processes == 1
            else (f"{seen.extra_processes} processes alive")
        )
    return "only its sleeper runs" if seen.sleeper else "its own process is alive"


def _working(seen: Signals | None) -> str:
    if seen is None or not (seen.extra_processes or seen.sleeper is False):
        return "uses CPU"
    return f"uses CPU, {_life(seen)}"


def _ended(container: Container) -> str:
    if container.oom_killed:
        return "killed for want of memory"
    return container.status if container.exit_code is None else f"exit {container.exit_code}"


def _pointed(track: Track, usage: ContainerUsage) -> Track:
    """Add to the history every point that is whole by now."""
    if track.point is None:
        return replace(track, point=(usage.at, usage.cpu_s))
    at, cpu_s = track.point
    span_s = usage.at - at
    if span_s < HISTORY_EVERY_S:
        return track
    mean = round((usage.cpu_s - cpu_s) / span_s, 3)
    whole = min(HISTORY_POINTS, int(span_s / HISTORY_EVERY_S))
    points = (*track.points, *[mean] * whole)[-HISTORY_POINTS:]
    return replace(track, points=points, point=(usage.at, usage.cpu_s))


def _rated(track: Track, usage: ContainerUsage) -> Track:
    base = track.base
    if base is None:
        return replace(track, base=usage)
    span_s = usage.at - base.at
    if span_s < _RATES_EVERY_S:
        return track
    sent = _grown(usage.sent_bytes, base.sent_bytes)
    throttled_s = _grown(usage.throttled_s, base.throttled_s)
    net, blocks = (
        _grown(usage.net_bytes, base.net_bytes),
        _grown(usage.block_bytes, base.block_bytes),
    )
    return replace(
        track,
        base=usage,
        net_rate=None if net is None else net / span_s,
        block_rate=None if blocks is None else blocks / span_s,
        throttled=None if throttled_s is None else min(1.0, throttled_s / span_s),
        spoke_at=usage.at if sent is not None and sent >= _SPOKE_BYTES else track.spoke_at,
    )


def _grown(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else max(0.0, now - before)
