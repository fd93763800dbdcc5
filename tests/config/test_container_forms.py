"""Volumes, memory and cores, written as for docker run."""

import pytest

from supervisor.config.container_forms import cores, memory, volumes
from supervisor.core.wish import Volume


@pytest.mark.parametrize(
    ("text", "size"),
    [("8g", 8 << 30), ("512m", 512 << 20), ("1.5GiB", 3 << 29), ("7000000", 7_000_000)],
)
def test_memory_is_counted_as_docker_counts(text: str, size: int) -> None:
    assert memory(text) == size


@pytest.mark.parametrize("text", ["8 apples", "1k", "", "-8g"])
def test_what_is_no_memory(text: str) -> None:
    with pytest.raises(ValueError, match=r"no amount|less than"):
        memory(text)


def test_cores() -> None:
    assert cores("1.5") == 1.5
    for text in ("0", "-1", "two", "0.0"):
        with pytest.raises(ValueError, match="cores"):
            cores(text)


def test_volumes_are_paths_or_names() -> None:
    assert volumes(["./data:/data", "cache:/cache:ro", "~/x:{in}", "/a:/b:rw"]) == (
        Volume(source="./data", target="/data"),
        Volume(source="cache", target="/cache", read_only=True),
        Volume(source="~/x", target="{in}"),
        Volume(source="/a", target="/b"),
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("/data", "is no volume"),
        ("./data:data", "is no volume"),
        ("./data:/data:z", "ro or rw"),
        ("da ta:/data", "write a path like ./da ta"),
        ({"a": "b"}, "expected texts"),
    ],
)
def test_what_is_no_volume(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        volumes([text])
