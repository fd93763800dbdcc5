"""NVIDIA GPUs through NVML, whose library is loaded at the first look."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, TypeVar

from supervisor.core.cards import GpuSeen
from supervisor.core.machine import GpuFigures
from supervisor.ports import GpusUnseenError

_NOBODY_BYTES = 1 << 30
"""Memory that the driver itself may take. In a container NVML lists no process of others: more than
this is somebody's all the same."""
_T = TypeVar("_T")


def load_nvml() -> Any:
    """Return the module of NVIDIA's binding."""
    return import_module("pynvml")


class NvmlGpus:
    """All GPUs that the NVIDIA driver knows, with whoever computes on them."""

    def __init__(self, load: Callable[[], Any] = load_nvml) -> None:
        self._load = load
        self._nvml: Any = None

    def look(self) -> Sequence[GpuSeen]:
        """Return each GPU as it is now.

        Raises:
            GpusUnseenError: there is no driver, no GPU, or the driver does not answer.
        """
        return self._each(_seen)

    def figures(self) -> Sequence[GpuFigures]:
        """Return what each GPU does at the moment.

        Raises:
            GpusUnseenError: there is no driver, no GPU, or the driver does not answer.
        """
        return self._each(_figures)

    def _each(self, read: Callable[[Any, int], _T]) -> list[_T]:
        nvml = self._begun()
        try:
            found = [read(nvml, index) for index in range(nvml.nvmlDeviceGetCount())]
        except nvml.NVMLError as error:
            self._nvml = None  # a driver that was renewed needs a new beginning
            raise GpusUnseenError(f"the NVIDIA driver does not answer: {error}") from error
        if not found:
            raise GpusUnseenError("the NVIDIA driver knows no GPU")
        return found

    def _begun(self) -> Any:
        if self._nvml is not None:
            return self._nvml
        nvml = self._load()
        try:
            nvml.nvmlInit()
        except nvml.NVMLError as error:
            raise GpusUnseenError(f"no NVIDIA driver can be used here: {error}") from error
        self._nvml = nvml
        return nvml


def _seen(nvml: Any, index: int) -> GpuSeen:
    """Return one GPU; what is wrong with it alone is no fault of the others."""
    try:
        handle = nvml.nvmlDeviceGetHandleByIndex(index)
        memory = nvml.nvmlDeviceGetMemoryInfo(handle)
        processes = nvml.nvmlDeviceGetComputeRunningProcesses(handle)
        bus = nvml.nvmlDeviceGetPciInfo(handle).busId
    except nvml.NVMLError as error:
        return GpuSeen(index=index, lost=str(error))
    address = bus.decode("ascii", "replace") if isinstance(bus, bytes) else str(bus)
    return GpuSeen(
        index=index,
        # NVML writes 00000000:65:00.0, the kernel 0000:65:00.
        bus=address.rpartition(".")[0][-10:].lower() or address,
        busy=bool(processes) or int(memory.used) > _NOBODY_BYTES,
        free_bytes=int(memory.free),
    )


def _figures(nvml: Any, index: int) -> GpuFigures:
    """Return the figures of one GPU; each that it does not tell is None (vGPUs tell few of them)."""

    def told(ask: Callable[[], Any]) -> int | None:
        try:
            return int(ask())
        except nvml.NVMLError:
            return None

    try:
        handle = nvml.nvmlDeviceGetHandleByIndex(index)
        memory = nvml.nvmlDeviceGetMemoryInfo(handle)
        name = nvml.nvmlDeviceGetName(handle)
    except nvml.NVMLError as error:
        return GpuFigures(index=index, lost=str(error))
    watts = told(lambda: nvml.nvmlDeviceGetPowerUsage(handle) / 1000)  # it says milliwatts
    return GpuFigures(
        index=index,
        name=name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name),
        mem_bytes=int(memory.total),
        used_bytes=int(memory.used),
        busy_percent=told(lambda: nvml.nvmlDeviceGetUtilizationRates(handle).gpu),
        celsius=told(lambda: nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU)),
        watts=watts,
        processes=told(lambda: len(nvml.nvmlDeviceGetComputeRunningProcesses(handle))),
    )
