"""Keys at the top as defaults of a group's."""

from supervisor.config.schema import BatchKeys, GroupKeys, merged


def test_policies_merge_key_by_key() -> None:
    top = BatchKeys.model_validate(
        {
            "retry": {"attempts": "6", "base": "10s"},
            "env": {"A": "1", "B": "1"},
            "errors": {"auth": {"attempts": "2"}},
            "needs": "x",
            "parallel": "3",
            "timeout": "2h",
            "run": "top",
            "id": "t",
        }
    )
    group = GroupKeys.model_validate(
        {
            "retry": {"base": "30s"},
            "env": {"B": "2"},
            "errors": {"network": {"attempts": "3"}},
            "needs": ["y"],
            "timeout": {"growth": "2"},
        }
    )
    keys = merged(top, group)
    assert keys.retry is not None
    assert (keys.retry.attempts, keys.retry.base) == (6, 30)
    assert keys.timeout is not None
    assert (keys.timeout.first, keys.timeout.growth) == (7200, 2)
    assert keys.env == {"A": "1", "B": "2"}
    assert set(keys.errors or {}) == {"auth", "network"}
    assert keys.needs == ("x", "y")
    assert (keys.parallel, keys.run, keys.id) == ((3, 3), "top", None)


def test_a_groups_own_keys_win() -> None:
    top = BatchKeys.model_validate({"parallel": "3", "limit": "a", "order": "2"})
    group = GroupKeys.model_validate({"parallel": "5", "limit": ["b", "c"], "order": "0"})
    keys = merged(top, group)
    assert (keys.parallel, keys.limit, keys.order) == ((5, 5), ("b", "c"), 0)
