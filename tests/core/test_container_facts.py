from supervisor.core.container_facts import ContainerEnd


def test_only_what_nothing_ends_is_in_the_way() -> None:
    assert [ContainerEnd(name="x", how=how).ok for how in ("stopped", "gone", "unkillable")] == [
        True,
        True,
        False,
    ]
