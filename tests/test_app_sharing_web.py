"""The kiosk's web server: only its links, as long as promised, whoever asks, guesses, stalls or floods."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.settings.tables import Share
from tests.conftest import ROOT
from tests.memory_search import needles, search
from tests.web_fakes import (
    FILES,
    LOOPBACK,
    Answer,
    InThisProcess,
    ask,
    connect,
    make_certificate,
    port_of,
    put,
    read_all,
    running,
    until,
)

from mirror.app.screen import design  # isort: skip
from mirror.app.sharing.web import limits, process  # isort: skip
from mirror.app.sharing.web.process import Server  # isort: skip
from mirror.translation.catalogue import Words, languages  # isort: skip

HOSTILE = (
    "/", "//", "/.", "/..", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd",
    "/..\\..\\windows\\win.ini", "/index.html", "/favicon.ico", "/robots.txt", "/.git/config", "/static/x.js",
    "/%00", "/\x7f", "*", "http://evil.example/", "/?list=1", "/tablet", "/" + "A" * 21, "/" + "A" * 23,
    "/" + "A" * 22, "/" + "é" * 22, "/" + "A" * 22 + "/after.jpg", "/" + "A" * 22 + "/../after.jpg",
)  # fmt: skip


@pytest.fixture
def server() -> Iterator[InThisProcess]:
    with InThisProcess() as served:
        yield served


def test_a_link_gives_its_page_and_its_files_and_nothing_may_keep_them(server: InThisProcess) -> None:
    path = put(server, 1)
    page = ask(server.origin, path)
    assert page.status == 200 and "Your new look" in page.text and "Salon Anna" in page.text
    assert "not encrypted" in page.text, "plain HTTP says what it is"
    assert not re.search(r"(src|href)=\"(?!/|data:,)", page.text), "everything comes from here"
    for name, content in FILES.items():
        found = ask(server.origin, f"{path}/{name}")
        assert (found.status, found.body) == (200, content)
        assert found.headers["content-type"] == "image/jpeg"
        for answer in (page, found):
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["x-frame-options"] == "DENY" and "server" not in answer.headers
            assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert ask(server.origin, f"{path}/other.jpg").status == 404
    left = json.loads(ask(server.origin, f"{path}/left").body)["left"]
    assert 500 <= left <= 600


@pytest.mark.parametrize("language", sorted(languages()))
def test_the_page_speaks_every_language_from_the_side_it_is_read(
    server: InThisProcess, language: str
) -> None:
    words = Words(language)
    page = html.unescape(ask(server.origin, put(server, 1, language=language)).text)
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page
    for key in ("page_title", "page_pair_file", "page_left", "page_memory", "page_plain", "page_sure"):
        assert words(key) in page, key
    assert words("page_minutes", count=10) in page and f'data-digits="{words.digits("0123456789")}"' in page


def test_a_page_looks_as_the_screen_does() -> None:
    """The pages cannot import the design, which comes with Pygame: they say its colours again."""
    for page in ("base.html", "tablet.css"):
        style = (Path(process.__file__).parent / "pages" / page).read_text("utf-8")
        said = dict(re.findall(r"--(\w+): #(\w{6});", style))
        assert len(said) == 7
        for name, colour in said.items():
            assert colour == bytes(getattr(design, name.upper())).hex(), (page, name)


def test_no_other_path_says_anything(server: InThisProcess) -> None:
    put(server, 1)
    said = set()
    for number, path in enumerate(HOSTILE):
        answer = ask(server.origin, path, source=f"127.0.3.{number + 1}")
        assert answer.status in (400, 404), (path, answer.status)
        if answer.status == 404 and answer.headers["content-type"].startswith("text/plain"):
            said.add(answer.body)
    assert said == {b"Not found"}


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "POST", "BREW"])
def test_a_link_is_read_and_nothing_else(server: InThisProcess, method: str) -> None:
    path = put(server, 1)
    answer = ask(server.origin, path, method)
    assert answer.status in (400, 403, 405) and b"look" not in answer.body
    assert ask(server.origin, f"{path}/after.jpg").status == 200


def test_delete_is_for_the_page_itself_and_wipes(server: InThisProcess) -> None:
    path = put(server, 7)
    link = next(iter(server.service.links._links.values()))
    held = list(link.files.values())
    for headers in ({"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site", "Origin": "null"}):
        assert ask(server.origin, f"{path}/delete", "POST", **headers).status == 403
    assert ask(server.origin, f"{path}/delete").status == 405, "no picture of a page elsewhere deletes"
    answer = ask(server.origin, f"{path}/delete", "POST", Origin=server.origin)
    assert answer.status == 200 and "Deleted" in answer.text
    assert {"is": "gone", "number": 7, "why": "deleted"} in server.told
    assert all(not any(content) for content in held), "overwritten"
    for gone in (path, f"{path}/after.jpg", f"{path}/left"):
        assert ask(server.origin, gone).status == 404


def test_a_link_is_over_when_its_time_is_and_lasts_when_it_is_renewed(server: InThisProcess) -> None:
    now = [100.0]
    server.service.links.clock = lambda: now[0]
    path = put(server, 1, seconds=60.0)
    now[0] += 59
    assert ask(server.origin, path).status == 200
    server.tell({"do": "renew", "numbers": [1]})
    now[0] += 59
    assert ask(server.origin, path).status == 200
    now[0] += 1
    answer = ask(server.origin, path, Accept_Language="de-AT,de;q=0.9")
    assert answer.status == 404 and "Hier ist nichts" in answer.text
    server.service.links.sweep()
    assert server.told[-1] == {"is": "gone", "number": 1, "why": "over"}


def test_a_page_elsewhere_cannot_read_along_by_another_name(server: InThisProcess) -> None:
    path = put(server, 1)
    for host in ("evil.example", f"evil.example:{port_of(server.origin)}", "127.0.0.1", ""):
        assert ask(server.origin, path, Host=host).status in (400, 404), host


def test_who_guesses_is_soon_refused_and_nobody_else_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "GUESSES_A_SECOND", 0.0)  # however slow the machine
    with InThisProcess() as server:
        path = put(server, 1)
        tried = [ask(server.origin, f"/{number:022d}/after.jpg").status for number in range(30)]
        assert tried == [404] * 20 + [429] * 10
        assert ask(server.origin, "/" + "B" * 22).status == 429
        assert ask(server.origin, path).status == 200, "who has a link has it"
        assert ask(server.origin, "/" + "B" * 22, source="127.0.0.2").status == 404


def test_who_asks_too_often_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REQUESTS_A_SECOND", 0.0)
    with InThisProcess() as server:
        path = put(server, 1)
        asked = [ask(server.origin, f"{path}/left").status for _ in range(65)]
        assert asked == [200] * 60 + [429] * 5
        assert ask(server.origin, path, source="127.0.0.2").status == 200


def test_a_player_gets_the_part_it_asks_for(server: InThisProcess) -> None:
    film = bytes(range(256)) * 1000
    path = put(server, 1, {"clip.mp4": film, "poster.jpg": b"\xff\xd8"}) + "/clip.mp4"
    part = ask(server.origin, path, Range="bytes=1000-70999")
    assert part.status == 206 and part.body == film[1000:71000]
    assert part.headers["content-range"] == f"bytes 1000-70999/{len(film)}"
    assert ask(server.origin, path, Range="bytes=255000-").body == film[255000:]
    assert ask(server.origin, path, Range=f"bytes={len(film)}-").status == 416
    for odd in ("bytes=5-1", "bytes=-5", "bytes=0-1,5-6", "apples=1-2"):
        assert ask(server.origin, path, Range=odd).status in (200, 416)


def test_who_never_reads_is_let_go_and_the_rest_served_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STALL_SECONDS", 1.0)
    with InThisProcess() as server:
        path = put(server, 1, {"clip.mp4": bytes(8 << 20), "after.jpg": b"\xff\xd8after"})
        host = server.origin.partition("://")[2]
        slow = [connect(server.origin, received=4096) for _ in range(8)]
        for client in slow:
            client.sendall(f"GET {path}/clip.mp4 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert ask(server.origin, f"{path}/after.jpg", source="127.0.0.2").body == b"\xff\xd8after"
        time.sleep(2.5)
        for client in slow:
            assert len(read_all(client)) < 8 << 20, "cut off"
            client.close()


def test_a_link_that_is_deleted_while_somebody_reads_it_ends_there(server: InThisProcess) -> None:
    content = bytes([7]) * (16 << 20)
    path = put(server, 1, {"clip.mp4": content, "poster.jpg": b"\xff\xd8"})
    client = connect(server.origin, received=4096)
    host = server.origin.partition("://")[2]
    client.sendall(f"GET {path}/clip.mp4 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    client.recv(1000)
    server.tell({"do": "drop", "numbers": [1]})
    until(lambda: server.told[-1].get("why") == "over")
    assert len(read_all(client)) < 16 << 20


def test_headers_that_never_end_and_bodies_that_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEADER_SECONDS", 1.0)
    monkeypatch.setattr(limits, "BODY_SECONDS", 1.0)
    with InThisProcess() as server:
        path = put(server, 1)
        with connect(server.origin) as client:
            client.sendall(b"GET / HTTP/1.1\r\n")
            for _ in range(30):  # a byte now and then
                try:
                    client.sendall(b"X")
                except ConnectionError:
                    break
                time.sleep(0.1)
            assert read_all(client) == b"", "closed, though it speaks on"
        with connect(server.origin) as client:
            client.sendall(b"GET / HTTP/1.1\r\nX: " + b"a" * (1 << 20) + b"\r\n\r\n")
            assert Answer(read_all(client)).status in (0, 400, 431)
        assert ask(server.origin, f"{path}/delete", "POST", Content_Length="100000000").status in (
            0,
            400,
            413,
        )
        with connect(server.origin) as client:  # a body that never comes
            client.sendall(f"POST {path}/delete HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n".encode())
            assert read_all(client) == b""
        assert ask(server.origin, path).status == 200


def test_a_thousand_connections_take_nothing_from_others(server: InThisProcess) -> None:
    """From one address, as from a machine that means ill; another phone is answered all the while."""
    path = put(server, 1)
    crowd = []
    try:
        for _ in range(1000):
            crowd.append(connect(server.origin, "127.0.0.66"))
        assert ask(server.origin, path, source="127.0.0.2").status == 200
        until(lambda: sum(map(_is_open, crowd)) <= limits.CONNECTIONS_EACH)
    finally:
        for client in crowd:
            client.close()
    assert ask(server.origin, path, source="127.0.0.66").status == 200, "and it comes back to its senses"


def test_a_thousand_connections_from_everywhere_pass_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEADER_SECONDS", 2.0)
    with InThisProcess() as server:
        path = put(server, 1)
        crowd = [
            connect(server.origin, f"127.0.{number % 100 + 1}.{number // 100 + 1}") for number in range(1000)
        ]
        until(lambda: sum(map(_is_open, crowd)) <= limits.CONNECTIONS)
        until(lambda: ask(server.origin, path, source="127.0.200.1").status == 200)
        for client in crowd:
            client.close()


def _is_open(client: socket.socket) -> bool:
    client.setblocking(False)
    try:
        return client.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def test_a_connection_does_not_last_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONNECTION_SECONDS", 1.0)
    with InThisProcess() as server:
        path = put(server, 1)
        host = server.origin.partition("://")[2]
        with connect(server.origin) as client:
            began = time.monotonic()
            with pytest.raises(ConnectionError):
                while time.monotonic() - began < 15:
                    client.sendall(f"GET {path}/left HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                    if not client.recv(4096):
                        raise ConnectionError
                    time.sleep(0.2)


def test_machines_of_other_networks_are_not_answered() -> None:
    with InThisProcess(dataclasses.replace(LOOPBACK, network="127.0.0.0/24")) as server:
        path = put(server, 1)
        assert ask(server.origin, path).status == 200
        assert ask(server.origin, path, source="127.0.9.1").status == 0


def test_it_listens_on_that_address_alone(server: InThisProcess) -> None:
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.5", port_of(server.origin)))


def test_https_with_a_certificate_and_the_page_says_so(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    with running(dataclasses.replace(LOOPBACK, certificate=certificate, key=key)) as server:
        path = put(server, 1)
        assert server.origin.startswith("https://127.0.0.1:")
        page = ask(server.origin, path)
        assert page.status == 200 and "The connection is encrypted." in page.text
        with connect(server.origin) as client:  # who speaks plain HTTP hears nothing
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert b"look" not in read_all(client)


def failure(settings: Share) -> str:
    """The line of a server that does not start."""
    server = Server(settings)
    try:
        server.start()
        return server.problem
    except MirrorError as error:
        return str(error)
    finally:
        server.close()


def test_what_is_wrong_is_said_in_a_line_and_what_may_come_right_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        line = failure(dataclasses.replace(LOOPBACK, port=taken.getsockname()[1]))
        assert "taken by another program" in line and "another port in [share]" in line
    assert "no address of this machine" in failure(dataclasses.replace(LOOPBACK, network="10.255.255.253"))
    wide = failure(dataclasses.replace(LOOPBACK, network="203.0.113.0/24", public=True))
    assert "no address in the network 203.0.113.0/24" in wide
    assert "Trying again" in caplog.text
    certificate, key = make_certificate(tmp_path)
    (tmp_path / "junk.pem").write_text("no certificate")
    for files, said in (
        ((tmp_path / "none.crt", key), "cannot be read (No such file"),
        ((tmp_path / "junk.pem", key), "do not make HTTPS"),
        ((certificate, certificate), "do not make HTTPS"),
    ):
        server = Server(dataclasses.replace(LOOPBACK, certificate=files[0], key=files[1]))
        with pytest.raises(MirrorError) as caught:
            server.start()
        assert said in str(caught.value) and "\n" not in str(caught.value)


def test_a_server_that_ends_is_started_again_and_its_links_are_known_to_be_gone() -> None:
    now = [0.0]
    server = Server(LOOPBACK, clock=lambda: now[0])
    server.start()
    try:
        assert server._process is not None
        first = server._process.pid
        server._process.kill()
        events: list[dict] = []
        until(lambda: events.extend(server.tend()) or {"is": "ended"} in events)
        assert server.origin == "" and server.problem and not server.tell({"do": "drop", "numbers": []})
        server.tend()
        now[0] += process.AGAIN_SECONDS
        until(lambda: server.tend() is not None and bool(server.origin))
        assert server._process is not None and server._process.pid != first and server.problem == ""
        assert ask(server.origin, put(server, 2)).status == 200
    finally:
        server.close()


def test_a_missing_library_is_told_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        process.importlib.util, "find_spec", lambda name: None if name == "segno" else object()
    )
    line = failure(LOOPBACK)
    assert "[share] needs segno" in line and "pip install -r requirements-share.txt" in line


def test_nothing_of_it_is_imported_unless_it_is_on() -> None:
    code = (
        "import sys, mirror.app.kiosk.main_loop, mirror.app.kiosk.scene\n"
        "print({'tornado', 'segno', 'ssl'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip().endswith("set()"), done.stdout + done.stderr


def test_the_server_holds_neither_pictures_nor_the_libraries_that_make_them() -> None:
    web = "mirror.app.sharing.web"
    code = f"import sys, {web}.__main__, {web}.handlers, {web}.tablet_handlers\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert not {"numpy", "cv2", "pygame", "mediapipe"} & set(done.stdout.split()), "it starts fast and small"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read through /proc")
def test_of_what_was_deleted_nothing_stays_in_its_memory() -> None:
    """A picture that nothing else has is fetched by two phones and deleted; any 32 bytes of it are sought."""
    picture = np.random.default_rng(3).integers(1, 255, (64, 64, 3), dtype=np.uint8)
    wanted = needles(picture)
    with running() as server:
        assert server._process is not None
        path = put(server, 1, {"after.jpg": picture.tobytes()})
        assert ask(server.origin, f"{path}/after.jpg").body == picture.tobytes()
        assert (
            ask(server.origin, f"{path}/after.jpg", source="127.0.0.2", Range="bytes=100-9000").status == 206
        )
        assert search(server._process.pid, wanted).total() > 100, "the search finds what is there"
        assert ask(server.origin, f"{path}/delete", "POST").status == 200
        until(lambda: {"is": "gone", "number": 1, "why": "deleted"} in server.tend())
        if not _is_glibc():
            pytest.skip("only glibc overwrites what is freed")
        assert search(server._process.pid, wanted).total() == 0


def _is_glibc() -> bool:
    import platform

    return platform.libc_ver()[0] == "glibc"


def test_the_process_ends_with_the_mirror() -> None:
    code = (
        "from tests.web_fakes import LOOPBACK, Server\n"
        "import os\nserver = Server(LOOPBACK)\nserver.start()\n"
        "print(server._process.pid, flush=True)\nos._exit(1)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    child = Path(f"/proc/{done.stdout.strip()}")
    if sys.platform == "linux":
        until(lambda: not child.exists() or "Z" in (child / "stat").read_text().split(")")[1][:3])
