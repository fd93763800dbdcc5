"""Files that travel with the program: the user's first, then the package's, then the checkout's."""

from pathlib import Path

import pytest

from supervisor.config.data import find, folders, user_folder
from supervisor.ports import ConfigError


def test_the_users_folder(tmp_path: Path) -> None:
    assert user_folder({"HOME": "/home/u"}) == Path("/home/u/.config/overnight")
    assert user_folder({"HOME": "/home/u", "XDG_CONFIG_HOME": "/x"}) == Path("/x/overnight")


def test_folders_come_in_order(tmp_path: Path) -> None:
    package = tmp_path / "site/supervisor"
    env = {"HOME": str(tmp_path / "home")}
    places = [
        tmp_path / "home/.config/overnight/rules",
        package / "_data/configs/rules",
        tmp_path / "site/configs/rules",
    ]
    for count, place in enumerate(places):
        place.mkdir(parents=True)
        known = folders("configs/rules", env, package=package)
        assert known == tuple(places[: count + 1])


def test_files_come_from_the_first_folder_that_has_them(tmp_path: Path) -> None:
    package = tmp_path / "supervisor"
    (package / "_data/configs").mkdir(parents=True)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs/a.yaml").touch()
    assert find("configs/a.yaml", {}, package=package) == tmp_path / "configs/a.yaml"
    (package / "_data/configs/a.yaml").touch()
    assert find("configs/a.yaml", {}, package=package) == package / "_data/configs/a.yaml"
    with pytest.raises(ConfigError, match=r"configs/b\.yaml is missing from this installation"):
        find("configs/b.yaml", {}, package=package)


def test_this_checkout_has_its_data() -> None:
    assert find("configs/starter.yaml", {}).is_file()
    assert folders("themes", {})
