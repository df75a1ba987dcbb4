"""The tables [share], [print], [tablet] and [packs]: off by themselves, checked, no wider than they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror.core.errors import MirrorError
from mirror.settings.options import KEYS, Settings
from mirror.settings.settings_file import load_settings, read_file, save_settings
from mirror.settings.tables import TABLES, Print, Share


@pytest.fixture
def write(tmp_path):
    def to_file(text: str) -> Path:
        path = tmp_path / "settings.toml"
        path.write_text(text)
        return path

    return to_file


def message(path: Path) -> str:
    with pytest.raises(MirrorError) as caught:
        read_file(path)
    text = str(caught.value)
    assert text.isprintable(), "one line"
    return text


def test_nothing_is_on_unless_it_is_written():
    one = Settings()
    assert one.share.network is None and one.print.printer is None and one.tablet.allow is False
    assert one.share.problem is one.print.problem is one.tablet.problem is None


def test_tables_are_read_and_come_back(write, tmp_path):
    share = (
        'network = "192.168.4.0/24"\nport = 9000\nminutes = 3\nafter_visit = false\nwifi = "Gäste"\n'
        'wifi_password = "a b\\"c"\nname = "Salon"\ncertificate = "a.crt"\nkey = "a.key"\n'
        'host = "mirror.example.org"\n'
    )
    others = '[print]\nprinter = "Canon_SELPHY"\nfree = 1\nmost = 3\n[tablet]\nallow = true\n'
    read = load_settings(write(f'style = "bob"\n[share]\n{share}{others}'))
    assert read.style == "bob" and read.tablet.allow and read.print == Print("Canon_SELPHY", 1, 3)
    assert read.share == Share(
        network="192.168.4.0/24", port=9000, minutes=3, after_visit=False, certificate=Path("a.crt"),
        key=Path("a.key"), host="mirror.example.org", wifi="Gäste", wifi_password='a b"c', name="Salon",
    )  # fmt: skip
    save_settings(read, tmp_path / "again.toml")
    assert load_settings(tmp_path / "again.toml") == read
    assert load_settings(write('share.network = "fd00::1"\nshare.public = true\n')).share.network == "fd00::1"
    assert load_settings(write('[share]\nnetwork = "none"\n[print]\nprinter = "none"\n')) == Settings()


def test_every_suggested_line_is_valid_and_no_name_is_used_twice(tmp_path):
    path = tmp_path / "settings.toml"
    save_settings(Settings(), path)
    text = path.read_text()
    lines = [
        line.removeprefix("# ") if line.removeprefix("# ").split(" = ")[0] in keys else line
        for line in text.splitlines()
        for keys in [{key for _, _, keys in TABLES.values() for key in keys}]
    ]
    path.write_text("\n".join(lines))
    read = load_settings(path)
    assert read.share.network == "192.168.4.1" and read.print.printer == "default" and not read.tablet.allow
    for _, _, keys in TABLES.values():
        assert not set(keys) & set(KEYS), "a setting stands in one place"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('network = "0.0.0.0"', "no 0.0.0.0"),
        ('network = "::"', "no 0.0.0.0"),
        ('network = "0.0.0.0/0"', "every network"),
        ('network = "10.0.0.0/7"', "every network"),
        ('network = "localhost"', "no name"),
        ('network = ""', "192.168.4.1"),
        ("network = true", "192.168.4.1"),
        ('network = "8.8.8.8"', "no private network"),
        ('network = "8.8.8.0/24"', "public = true"),
        ("port = 80", "1024 to 65535"),
        ("port = 65536", "1024 to 65535"),
        ("minutes = 0", "1 to 120"),
        ("minutes = 121", "1 to 120"),
        ("minutes = 2.5", "1 to 120"),
        ('certificate = "a.crt"', "belong together"),
        ('key = "a.key"', "belong together"),
        ('wifi_password = "x"', "nothing without wifi"),
        ('wifi = "a\\nb"', "63 characters"),
        ('host = "Mirror/x"', "host name"),
        ('nework = "192.168.4.1"', "Did you mean network?"),
        ("keep_days = 3", "not a setting of [share]"),
    ],
)  # fmt: skip
def test_what_does_not_fit_names_its_line_and_what_does(write, line, expected):
    text = message(write(f'style = "bob"\n\n[share]\n{line}\n'))
    assert expected in text and ("line 4" in text or "line 3: [share]" in text)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('printer = "-oraw"', "lpstat -e"),
        ('printer = "a b; rm -rf /"', "lpstat -e"),
        ("free = 21", "0 to 20"),
        ("most = 0", "1 to 20"),
        ('media = "A6 -o x"', "lpoptions"),
    ],
)
def test_a_printer_is_a_name_and_never_an_option(write, line, expected):
    assert expected in message(write(f"[print]\n{line}\n"))


def test_a_password_is_not_repeated_and_a_table_is_told_from_a_setting(write):
    told = message(write('[share]\nwifi = "x"\nwifi_password = 12.5\n'))
    assert "line 3" in told and "12.5" not in told
    assert "below a line [share]" in message(write('network = "192.168.4.1"\n'))
    assert "share is a table" in message(write("share = true\n"))
    assert load_settings(write('[share]\nnetwork = "8.8.8.8"\npublic = true\n')).share.network == "8.8.8.8"
