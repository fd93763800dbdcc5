from supervisor.tui.widgets.thumb import has_thumb


def thumb(top: int, room: int, total: int) -> str:
    return "".join("#" if has_thumb(place, top, room, total) else "." for place in range(room))


def test_it_tells_place_and_share() -> None:
    assert thumb(0, 10, 5) == thumb(0, 10, 10) == ".........."
    assert thumb(0, 10, 20) == "#####....."
    assert thumb(10, 10, 20) == ".....#####"
    assert thumb(2, 4, 5000) == "#..."
    assert thumb(4996, 4, 5000) == "...#"
