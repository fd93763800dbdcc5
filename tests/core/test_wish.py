"""What a task may wish of its container."""

from supervisor.core.wish import Volume, Wish, in_words, on_gpus, rendered

PLAIN = Wish(image="x:{tag}")


def test_names_are_filled_in_where_text_stands() -> None:
    wish = Wish(
        image="x:{tag}",
        volumes=(Volume(source="/d/{tag}", target="/in/{tag}", read_only=True),),
        user="{tag}",
    )
    filled = rendered(wish, {"tag": "1"})
    assert (filled.image, filled.user, filled.network) == ("x:1", "1", None)
    assert filled.volumes == (Volume(source="/d/1", target="/in/1", read_only=True),)
    assert filled.volumes[0].is_bind


def test_gpus_of_the_attempt_are_numbered_anew_inside() -> None:
    env = {"CUDA_VISIBLE_DEVICES": "1,3", "A": "b"}
    assert on_gpus(PLAIN, env) == (Wish(image="x:{tag}", gpus="device=1,3"), {"A": "b"})
    assert on_gpus(PLAIN, {"A": "b"}) == (PLAIN, {"A": "b"})


def test_is_told_in_words() -> None:
    assert in_words(PLAIN) == "pull missing"
    wish = Wish(
        image="x",
        volumes=(Volume(source="/d", target="/e", read_only=True),),
        memory_bytes=8 * 1024**3,
        cpus=1.5,
        entrypoint=(),
        pull="never",
    )
    assert in_words(wish) == "pull never; memory 8192MiB; cpus 1.5; entrypoint none; /d:/e:ro"
