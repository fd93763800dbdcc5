"""GPUs through NVML, with a binding that answers as recorded."""

from dataclasses import dataclass
from typing import Any

import pytest

from supervisor.adapters.gpus import NvmlGpus, load_nvml
from supervisor.core.cards import GpuSeen
from supervisor.ports import GpusUnseenError

GIB = 1 << 30


class RefusedError(Exception):
    """The binding's own error."""


@dataclass
class Memory:
    total: int
    free: int
    used: int


@dataclass
class Pci:
    busId: Any  # noqa: N815


class Nvml:
    """The few calls of NVIDIA's binding that are made, over GPUs given as facts."""

    NVMLError = RefusedError

    def __init__(self, *cards: dict[str, Any], driver: bool = True) -> None:
        self.cards = cards
        self.driver = driver
        self.begun = 0

    def nvmlInit(self) -> None:  # noqa: N802
        self.begun += 1
        if not self.driver:
            raise RefusedError("NVML Shared Library Not Found")

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        if not self.driver:
            raise RefusedError("Driver/library version mismatch")
        return len(self.cards)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> dict[str, Any]:  # noqa: N802
        if "lost" in self.cards[index]:
            raise RefusedError(self.cards[index]["lost"])
        return self.cards[index]

    def nvmlDeviceGetMemoryInfo(self, card: dict[str, Any]) -> Memory:  # noqa: N802
        used = card.get("used", 0)
        return Memory(total=80 * GIB, free=80 * GIB - used, used=used)

    def nvmlDeviceGetComputeRunningProcesses(self, card: dict[str, Any]) -> Any:  # noqa: N802
        return card.get("pids", [])

    def nvmlDeviceGetPciInfo(self, card: dict[str, Any]) -> Pci:  # noqa: N802
        return Pci(busId=card.get("bus", "00000000:65:00.0"))


def test_who_uses_a_gpu_and_what_is_left() -> None:
    nvml = Nvml(
        {"used": GIB // 2},
        {"pids": [4711], "used": GIB // 2, "bus": b"00000000:B3:00.0"},
        {"used": 2 * GIB},
        {"lost": "GPU is lost", "bus": ""},
    )
    gpus = NvmlGpus(lambda: nvml)
    assert gpus.look() == [
        GpuSeen(index=0, bus="0000:65:00", free_bytes=80 * GIB - GIB // 2),
        GpuSeen(index=1, bus="0000:b3:00", busy=True, free_bytes=80 * GIB - GIB // 2),
        GpuSeen(index=2, bus="0000:65:00", busy=True, free_bytes=78 * GIB),
        GpuSeen(index=3, lost="GPU is lost"),
    ]
    gpus.look()
    assert nvml.begun == 1


def test_without_a_driver_the_reason_is_told() -> None:
    with pytest.raises(GpusUnseenError, match="no NVIDIA driver can be used here: NVML Shared"):
        NvmlGpus(lambda: Nvml(driver=False)).look()
    with pytest.raises(GpusUnseenError, match="knows no GPU"):
        NvmlGpus(Nvml).look()


def test_a_driver_that_was_renewed_is_begun_anew() -> None:
    nvml = Nvml({})
    gpus = NvmlGpus(lambda: nvml)
    gpus.look()
    nvml.driver = False
    with pytest.raises(GpusUnseenError, match="does not answer: Driver/library"):
        gpus.look()
    nvml.driver = True
    gpus.look()
    assert nvml.begun == 2


def test_the_binding_has_every_call() -> None:
    nvml = load_nvml()
    for name in (name for name in vars(Nvml) if name.lower().startswith("nvml")):
        assert hasattr(nvml, name)
