"""Signs of life from the kernel: here those of processes that this test starts."""

import asyncio
import os
import socket
from contextlib import closing
from pathlib import Path

from supervisor.adapters.containers import signs
from supervisor.adapters.containers.signs import Life
from supervisor.core.containers import Container, Sentinels, Traces
from tests.support import until_sync

ME = os.getpid()


def container(pid: int, *command: str) -> Container:
    return Container(
        id="1", name="x", image="i", created_at=0, status="running", pid=pid, command=command
    )


async def test_what_exec_brought_in_is_counted_and_sleepers_are_not() -> None:
    sleeper = await asyncio.create_subprocess_exec("sleep", "60")
    agent = await asyncio.create_subprocess_exec("sh", "-c", "sleep 61; true", "agent")
    try:
        one = container(sleeper.pid, "sleep", "60")
        alone = signs.life(one, [sleeper.pid])
        assert (alone.extra, alone.sleeper) == (0, True)
        both = signs.life(one, [sleeper.pid, agent.pid])
        assert (both.extra, both.sleeper) == (1, True)
        own = signs.life(container(agent.pid), [agent.pid])
        assert (own.extra, own.sleeper) == (0, False)
    finally:
        for each in (sleeper, agent):
            each.kill()
            await each.wait()


def test_the_dead_do_not_count() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    stat = Path(f"/proc/{pid}/stat")
    until_sync(lambda: ") Z" in stat.read_text())
    alive = signs.life(container(1, "tail", "-f", "/dev/null"), [pid])
    os.waitpid(pid, 0)
    assert (alive.extra, alive.sleeper) == (0, True)


def test_where_nothing_can_be_seen_the_command_tells() -> None:
    assert signs.life(container(7, "tail", "-f", "x"), None) == Life(extra=None, sleeper=True)
    assert signs.life(container(7), None) == Life()


def test_a_crowd_is_not_looked_at_one_by_one() -> None:
    assert signs.life(container(7), list(range(1, 200))) == Life(extra=199 - 1, sleeper=False)


def test_connections_to_elsewhere_count_and_those_to_oneself_do_not() -> None:
    before = signs.connections(ME)
    assert before is not None
    server = socket.create_server(("127.0.0.1", 0))
    with closing(server), closing(socket.create_connection(server.getsockname())) as line:
        server.accept()[0].close()
        assert signs.connections(ME) == before
        line.shutdown(socket.SHUT_RDWR)
    assert signs.connections(2**22 + 1) is None


def test_established_ones_are_told_from_the_rest(tmp_path: Path) -> None:
    # proc_net(5): addresses in hexadecimal, the bytes of each word in the machine's order.
    table = tmp_path / "tcp"
    table.write_text(
        "  sl  local_address rem_address   st tx_queue\n"
        "   0: 0100007F:1538 0100007F:9C40 01 0\n"
        "   1: 0200A8C0:9C40 0101A8C0:01BB 01 0\n"
        "   2: 0200A8C0:9C41 0101A8C0:01BB 06 0\n"
        "   3: 00000000:0016 00000000:0000 0A 0\n"
        "   4: 0000000000000000FFFF0000010011AC:1538 0000000000000000FFFF00000100007F:9 01 0\n"
        "   5: 00000000000000000000000001000000:1 00000000000000000000000001000000:2 01 0\n"
        "   6: B80D0120000000000000000001000000:1 B80D0120000000000000000002000000:2 01 0\n"
    )
    assert signs.established(str(table)) == 2
    assert signs.established(str(tmp_path / "none")) == 0


def test_files_tell_how_the_work_stands(tmp_path: Path) -> None:
    wanted = Sentinels(
        workspace=str(tmp_path),
        error_files=(str(tmp_path / "error.log"), str(tmp_path / "failed")),
        output_files=(str(tmp_path / "output.json"),),
        id_file=str(tmp_path / "input.json"),
    )
    empty = signs.files(ME, wanted)
    assert (empty.error_file, empty.output_at, empty.items) == (None, None, ())
    for name, at in (("error.log", 5), ("failed", 9), ("output.json", 7)):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (at, at))
    (tmp_path / "input.json").write_text('{"capsule-1": {"prompt": "x"}}')
    found = signs.files(ME, wanted)
    assert (found.error_file, found.error_at) == (str(tmp_path / "failed"), 9)
    assert (found.output_at, found.items) == (7, ("capsule-1",))
    assert found.written_at is not None
    assert signs.files(ME, Sentinels()) == Traces()


def test_an_id_file_names_one_or_several() -> None:
    assert signs.named_items(b'{"a": 1, "b": 2}') == ("a", "b")
    assert signs.named_items(b'{"task_id": "t-9", "prompt": "x"}') == ("t-9",)
    assert signs.named_items(b"[1, 2]") == ()
    assert signs.named_items(b"{broken") == ()


def test_all_of_it_together() -> None:
    seen = signs.together(3.0, Life(extra=2, sleeper=True), Traces(error_at=1.0), 4)
    assert (seen.at, seen.extra_processes, seen.error_at, seen.connections) == (3.0, 2, 1.0, 4)
