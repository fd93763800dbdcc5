"""GPUs through NVML, with a binding that answers as recorded."""

from dataclasses import dataclass
from typing import Any

import pytest

from supervisor.adapters.gpus import NvmlGpus, load_nvml
from supervisor.core.cards import GpuSeen
from supervisor.core.machine import GpuFigures
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


@dataclass
class Rates:
    gpu: int
    memory: int


class Nvml:
    """The few calls of NVIDIA's binding that are made, over GPUs given as facts."""

    NVMLError = RefusedError
    NVML_TEMPERATURE_GPU = 0

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

    def nvmlDeviceGetName(self, card: dict[str, Any]) -> Any:  # noqa: N802
        return card.get("name", "NVIDIA A100-SXM4-80GB")

    def nvmlDeviceGetUtilizationRates(self, card: dict[str, Any]) -> Rates:  # noqa: N802
        return Rates(gpu=self._told(card, "busy"), memory=11)

    def nvmlDeviceGetTemperature(self, card: dict[str, Any], sensor: int) -> int:  # noqa: N802
        assert sensor == self.NVML_TEMPERATURE_GPU
        return self._told(card, "celsius")

    def nvmlDeviceGetPowerUsage(self, card: dict[str, Any]) -> int:  # noqa: N802
        return self._told(card, "milliwatts")

    def _told(self, card: dict[str, Any], name: str) -> int:
        if name not in card:
            raise RefusedError("Not Supported")
        told: int = card[name]
        return told


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


def test_the_figures_of_each_gpu_are_read_and_what_it_does_not_tell_is_none() -> None:
    nvml = Nvml(
        {
            "used": 31 * GIB,
            "busy": 97,
            "celsius": 61,
            "milliwatts": 287_431,
            "pids": [1, 2],
        },
        {"name": b"GRID T4-2Q"},
        {"lost": "GPU is lost"},
    )
    assert NvmlGpus(lambda: nvml).figures() == [
        GpuFigures(
            index=0,
            name="NVIDIA A100-SXM4-80GB",
            mem_bytes=80 * GIB,
            used_bytes=31 * GIB,
            busy_percent=97,
            celsius=61,
            watts=287,
            processes=2,
        ),
        GpuFigures(index=1, name="GRID T4-2Q", mem_bytes=80 * GIB, processes=0),
        GpuFigures(index=2, lost="GPU is lost"),
    ]
    with pytest.raises(GpusUnseenError, match="no NVIDIA driver can be used here"):
        NvmlGpus(lambda: Nvml(driver=False)).figures()
