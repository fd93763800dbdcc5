"""Which attempt gets which GPU, and which GPU is bad."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from supervisor.core.board import NeedsYou
from supervisor.core.cards import Gpu, GpuNeed, GpuSeen
from supervisor.core.draft import Draft, View
from supervisor.core.events import GpusSeen
from supervisor.core.facets import LIVE
from supervisor.core.models import NOTHING, ErrorClass, TaskId
from supervisor.core.wording import listed, plural, size

FAULTS = 3
"""So many different tasks in a row with a CUDA error, and none on another GPU: it is a bad one."""
_NAME = re.compile(r"gpu(\d+)")
_DEVICE = re.compile(r"\b(?:device|GPU|cuda:)\s?(\d{1,2})\b", re.IGNORECASE)
_XID = re.compile(r"\bXid\s*\(PCI:(?P<bus>[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2})", re.IGNORECASE)


def begin(draft: Draft) -> None:
    """Take in that an engine began: nobody watched the GPUs meanwhile."""
    gpus = [
        one if _lives(draft, one.by) else replace(one, by=None, stale=True)
        for one in draft.desk.gpus
    ]
    _put(draft, gpus)


def seen(draft: Draft, event: GpusSeen) -> None:
    """Take in what the GPUs looked like."""
    if draft.desk.gpu_trouble != event.trouble:
        draft.put_desk(replace(draft.desk, gpu_trouble=event.trouble))
        draft.record("gpu", "", event.trouble or "the GPUs can be seen")
    if event.trouble is not None:
        return
    known = {one.seen.index: one for one in draft.desk.gpus}
    gpus: list[Gpu] = []
    for one in event.gpus:
        gpu = known.pop(one.index, None)
        if gpu is None:
            gpus.append(Gpu(seen=one, stale=False))
        else:
            gpus.append(replace(gpu, seen=one, stale=gpu.stale and one.index not in event.fresh))
    # One that is gone may still have an attempt, and a story.
    gone = [replace(one, seen=replace(one.seen, lost="it is gone")) for one in known.values()]
    _put(draft, sorted([*gpus, *gone], key=lambda gpu: gpu.seen.index))


def admits(view: View, need: GpuNeed | None, kept: Sequence[GpuNeed] = ()) -> bool:
    """Tell whether there are GPUs for ``need`` now, besides those ``kept`` for who was there before."""
    if need is None:
        return True
    if view.desk.gpu_trouble is not None or any(_overlap(need, one) for one in kept):
        return False
    return sum(_obstacle(gpu, need) is None for gpu in _among(view, need)) >= need.count


def will_do(view: View, need: GpuNeed) -> bool:
    """Tell whether there are GPUs for ``need`` once our own attempts have ended."""
    return sum(_may_be_had(gpu, need) for gpu in _among(view, need)) >= need.count


def take(draft: Draft, id_: TaskId, need: GpuNeed | None) -> str:
    """Give the task's new attempt its GPUs; return in words which, to be put behind other words."""
    if need is None:
        return ""
    free = [gpu for gpu in _among(draft, need) if _obstacle(gpu, need) is None][: need.count]
    indexes = {gpu.seen.index for gpu in free}
    _put(draft, [replace(g, by=id_) if g.seen.index in indexes else g for g in draft.desk.gpus])
    return f", on GPU {listed(map(str, sorted(indexes)))}"


def attempt_over(draft: Draft, id_: TaskId, error_class: ErrorClass | None, cause: str) -> None:
    """Take in how an attempt ended: its GPUs are free once they are seen so; a bad one is taken out."""
    had = [gpu for gpu in draft.desk.gpus if gpu.by == id_]
    if not had:
        return
    blamed = _blamed(had, cause) if error_class is ErrorClass.CUDA_ERROR else ()
    gpus: list[Gpu] = []
    for gpu in draft.desk.gpus:
        faults = gpu.faults
        if gpu.seen.index in blamed and id_ not in faults:
            faults = (*faults, id_)[-FAULTS:]
        elif gpu.by == id_ and error_class is None:
            faults = ()
        mine = gpu.by == id_
        gpus.append(
            replace(gpu, by=None if mine else gpu.by, stale=mine or gpu.stale, faults=faults)
        )
    _put(draft, [_judged(draft, gpu, gpus) for gpu in gpus])


def environment(view: View, id_: TaskId) -> Mapping[str, str]:
    """Return what shows the task's living attempt its GPUs, and no other."""
    if view.specs[id_].gpus is None:
        return NOTHING
    indexes = [str(gpu.seen.index) for gpu in view.desk.gpus if gpu.by == id_]
    # CUDA counts the fastest first unless told; NVML, and so we, count along the bus.
    return {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES": ",".join(indexes)}


def reason(view: View, need: GpuNeed | None) -> str | None:
    """Return why there is no GPU for ``need``; None: there is, or none is needed."""
    if need is None or admits(view, need):
        return None
    if view.desk.gpu_trouble is not None:
        return f"waits for {_needed(need)}, and none can be seen: {view.desk.gpu_trouble}"
    told = [f"GPU {g.seen.index} {_obstacle(g, need) or 'is free'}" for g in _among(view, need)]
    return f"waits for {_needed(need)}: {listed(told, 8) or 'none was seen yet'}"


def kept(need: GpuNeed | None) -> tuple[str, ...]:
    """Return why a task waits for GPUs that are free: somebody was there before."""
    return () if need is None else (f"{_needed(need)} are kept for a task that waits before it",)


def needs_you(view: View) -> Iterator[tuple[str, NeedsYou]]:
    """Yield what is wrong with GPUs that only a person can cure, each with a key of its own."""
    desk = view.desk
    if desk.gpu_trouble is not None:
        need = NeedsYou(what="gpus", since=0.0, why=desk.gpu_trouble, command="nvidia-smi")
        yield "gpus:", need
    for gpu in desk.gpus:
        if gpu.out is not None:
            what = f"gpu{gpu.seen.index}"
            command = f"overnight resume {what}"
            yield f"gpu:{what}", NeedsYou(what=what, since=gpu.out_at, why=gpu.out, command=command)


def brought_back(draft: Draft, name: str) -> str | None:
    """Use the GPU called ``name`` (``gpu1``) again on the operator's word; None: there is none."""
    found = _NAME.fullmatch(name)
    gpu = next((g for g in draft.desk.gpus if found and g.seen.index == int(found[1])), None)
    if gpu is None:
        return None
    if gpu.out is None:
        return f"{name} is in use already"
    back = replace(gpu, out=None, faults=())
    _put(draft, [back if one is gpu else one for one in draft.desk.gpus])
    return f"{name} is used again"


def _put(draft: Draft, gpus: Sequence[Gpu]) -> None:
    if tuple(gpus) != draft.desk.gpus:
        draft.put_desk(replace(draft.desk, gpus=tuple(gpus)))


def _lives(draft: Draft, id_: TaskId | None) -> bool:
    task = None if id_ is None else draft.tasks.get(id_)
    return task is not None and isinstance(task.phase, LIVE)


def _among(view: View, need: GpuNeed) -> list[Gpu]:
    return [gpu for gpu in view.desk.gpus if need.of is None or gpu.seen.index in need.of]


def _overlap(one: GpuNeed, other: GpuNeed) -> bool:
    return one.of is None or other.of is None or bool(set(one.of) & set(other.of))


def _may_be_had(gpu: Gpu, need: GpuNeed) -> bool:
    ours = gpu.by is not None or gpu.stale
    return _obstacle(gpu, need) is None or (ours and gpu.out is None and not gpu.seen.lost)


def _obstacle(gpu: Gpu, need: GpuNeed) -> str | None:
    if gpu.out is not None:
        return f"is taken out ({gpu.out})"
    if gpu.by is not None:
        return f"runs {gpu.by}"
    if gpu.seen.lost:
        return f"cannot be read: {gpu.seen.lost}"
    if gpu.stale:
        return "is looked at again first"
    if gpu.seen.busy:
        return "is used by another process"
    if gpu.seen.free_bytes < need.free_bytes:
        return f"has {size(gpu.seen.free_bytes)} free"
    return None


def _needed(need: GpuNeed) -> str:
    free = f" with {size(need.free_bytes)} free" if need.free_bytes else ""
    return f"{plural(need.count, 'GPU')}{free} that nobody uses"


def _blamed(had: Sequence[Gpu], cause: str) -> tuple[int, ...]:
    """Return which of an attempt's GPUs its CUDA error was on: all, unless the words tell."""
    indexes = tuple(gpu.seen.index for gpu in had)
    if xid := _XID.search(cause):
        bus = xid["bus"].lower()[-10:]
        return tuple(gpu.seen.index for gpu in had if gpu.seen.bus.lower()[-10:] == bus) or indexes
    if (device := _DEVICE.search(cause)) and int(device[1]) < len(indexes):
        # The process counts only those it was shown.
        return (indexes[int(device[1])],)
    return indexes


def _judged(draft: Draft, gpu: Gpu, gpus: Sequence[Gpu]) -> Gpu:
    """Return the GPU, taken out where it alone fails different tasks one after another."""
    others = [one for one in gpus if one is not gpu and one.out is None]
    # Where others fail alike, or there is no other, the tasks may be what is broken.
    sound = any(not one.faults for one in others)
    if gpu.out is not None or len(gpu.faults) < FAULTS or not sound:
        return gpu
    why = f"{FAULTS} tasks in a row met CUDA errors on it alone ({listed(gpu.faults)})"
    draft.record("gpu", f"gpu{gpu.seen.index}", f"taken out: {why}")
    return replace(gpu, out=why, out_at=draft.now)


def same_to_us(one: GpuSeen, other: GpuSeen) -> bool:
    """Tell whether two looks at a GPU differ in nothing that decides."""
    step = 1 << 28
    # How much is free of one that somebody uses decides nothing.
    facts = [
        (gpu.bus, gpu.busy, gpu.lost, 0 if gpu.busy else gpu.free_bytes // step)
        for gpu in (one, other)
    ]
    return facts[0] == facts[1]
