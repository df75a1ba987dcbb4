"""Settings: defaults, what each key takes, and the file with a line for every mistake."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from mirror.core.errors import MirrorError
from mirror.settings import settings_file
from mirror.settings.kiosk_pin import make
from mirror.settings.options import ENGINES, KEYS, Settings, check, did_you_mean, shown
from mirror.settings.settings_file import default_path, load_settings, read_file, save_settings
from mirror.settings.tables import TABLES


@pytest.fixture
def write(tmp_path):
    def to_file(text: str | bytes) -> Path:
        path = tmp_path / "settings.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return to_file


def message(path: Path) -> str:
    with pytest.raises(MirrorError) as caught:
        read_file(path)
    text = str(caught.value)
    assert text.isprintable(), "one line, no control characters"
    return text


def test_every_field_but_the_lists_and_the_lab_has_a_key():
    fields = {field.name for field in dataclasses.fields(Settings)}
    assert fields - set(KEYS) == {"list_styles", "list_cameras", "lab", "lab_data", *TABLES}
    assert set(KEYS) <= fields


def test_a_setting_is_told_in_the_same_words_wherever_it_is_looked_at():
    from mirror.engines import choose, open_engine
    from mirror.sources.replay_clock import Clock

    assert choose.TITLES.keys() == set(ENGINES[1:])
    with pytest.raises(MirrorError) as typed:
        check("engine", "cuda", "--engine cuda")
    with pytest.raises(MirrorError) as asked:
        open_engine("matte", "cuda")
    assert str(typed.value) == str(asked.value) and "auto, tensorrt, openvino or onnxruntime" in str(
        asked.value
    )
    with pytest.raises(MirrorError) as paced:
        Clock("fast")
    with pytest.raises(MirrorError) as given:
        check("pace", "fast", "--pace fast")
    assert str(paced.value) == str(given.value)


def test_every_key_is_read(write):
    path = write(
        'source = "demo"\ncamera = 1\nstyle = 3\nevery = 4\nsize = "640x360"\nfullscreen = true\n'
        'headless = false\nframes = 9\npace = "max"\nmirror = false\nengine = "openvino"\nrecord = "a.mp4"\n'
        'record_pairs = "pairs"\nreport = "r.json"\nface_model = "f.task"\npictures = "~/p"\n'
        "countdown = 0\nvirtual_camera = true\n"
    )
    assert load_settings(path) == Settings(
        source="demo", camera="1", style="3", every=4.0, size=(640, 360), fullscreen=True, headless=False,
        frames=9, pace="max", mirror=False, engine="openvino", record=Path("a.mp4"),
        record_pairs=Path("pairs"), report=Path("r.json"), face_model=Path("f.task"),
        pictures=Path.home() / "p", countdown=0.0, virtual_camera=True,
    )  # fmt: skip


def test_the_settings_of_the_camera_are_read_and_come_back(write, tmp_path):
    stored = make("2593")
    path = write(
        f'rotate = 270\ncrop = "160, 0,960,720"\nexposure = -6\nwhite_balance = 4600.5\npin = "{stored}"\n'
    )
    read = load_settings(path)
    assert read == Settings(
        rotate=270, crop=(160, 0, 960, 720), exposure=-6.0, white_balance=4600.5, pin=stored
    )
    save_settings(read, tmp_path / "again.toml")
    assert load_settings(tmp_path / "again.toml") == read
    none = write('crop = "none"\nexposure = "auto"\nwhite_balance = "auto"\npin = "none"\n')
    assert load_settings(none) == Settings()


def test_a_setting_in_a_table_is_told_where_it_belongs(write):
    told = message(write('style = "bob"\n[kiosk]\nkeep_days = 3\n'))
    assert "line 2" in told and "Write keep_days = ..." in told and "[kiosk]" in told
    assert load_settings(write("keep_days = 3\n")).keep_days == 3


def test_a_pin_written_in_as_digits_is_refused_and_not_repeated(write):
    told = message(write('pin = "86420975"\n'))
    assert "line 1" in told and "calibrate.py" in told and "86420975" not in told


def test_empty_file_and_byte_order_mark_and_windows_line_ends(write):
    assert load_settings(write("")) == Settings()
    assert load_settings(write(b'\xef\xbb\xbf# mine\r\nstyle = "bob"\r\n')).style == "bob"


def test_no_file_at_the_default_place_means_defaults(tmp_path, monkeypatch):
    monkeypatch.setattr(settings_file, "default_path", lambda: tmp_path / "none.toml")
    assert load_settings() == Settings()
    assert default_path().name == "settings.toml" and "hair-mirror" in str(default_path())


def test_a_typo_names_line_closest_and_all_keys(write):
    path = write('# comment\n\nsorce = "demo"\n')
    text = message(path)
    assert text.startswith(f'{path}, line 3: "sorce" is not a setting. Did you mean source?')
    assert all(key in text for key in KEYS)


@pytest.mark.parametrize("name", ["record-pairs", "Style", "fullscren", '"sorce"', "[mirrors]", "size.width"])
def test_other_typos_name_their_line(write, name):
    line = name if name.startswith("[") else f"{name} = 1"
    text = message(write(f"camera = 0\n\n{line}\n"))
    assert "line 3" in text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("keep_days = 0", "1 to 365"),
        ("hair_motion = 3", "from 0 to 2"),
        ("hair_motion = true", "from 0 to 2"),
        ("keep_days = 1.5", "1 to 365"),
        ("keep_days = 366", "1 to 365"),
        ("keep_days = true", "1 to 365"),
        ("rotate = 45", "0, 90, 180 or 270"),
        ('rotate = "90"', "0, 90, 180 or 270"),
        ("rotate = true", "0, 90, 180 or 270"),
        ('crop = "1,2,3"', "LEFT,TOP,WIDTH,HEIGHT"),
        ('crop = "-1,0,640,480"', "LEFT,TOP,WIDTH,HEIGHT"),
        ('crop = "0,0,63,480"', "at least 64"),
        ("crop = [0, 0, 640, 480]", "LEFT,TOP,WIDTH,HEIGHT"),
        ('exposure = "dark"', "or auto"),
        ("exposure = nan", "or auto"),
        ("white_balance = true", "or auto"),
        ("pin = 1234", "hash"),
        ("every = nan", "seconds above 0"),
        ("idle = 9.9", "10 to 600"),
        ("idle = 601", "10 to 600"),
        ("idle = nan", "10 to 600"),
        ('language = "nl"', "auto, ar, de, en, es, fr, it, ja or tr"),
        ("kiosk = 1", "true or false"),
        ('pin = "1234"', "calibrate.py"),
        ("every = inf", "seconds above 0"),
        ("every = -inf", "seconds above 0"),
        ("every = 0", "seconds above 0"),
        ("every = -1.5", "seconds above 0"),
        ("every = true", "seconds above 0"),
        ('every = "6"', "seconds above 0"),
        ("every = 1e6", "86400 at most"),
        ("frames = 0", "whole number"),
        ("frames = 2.0", "whole number"),
        ("frames = true", "whole number"),
        ("frames = 1" + "0" * 30, "a huge number does not fit"),
        ('size = "159x720"', "160 to 7680"),
        ('size = "160x119"', "120 to 4320"),
        ('size = "7681x720"', "160 to 7680"),
        ('size = "1280x4321"', "120 to 4320"),
        ('size = "1280 x 720"', "1280x720"),
        ('size = "-1280x720"', "1280x720"),
        ("size = [1280, 720]", "size = a list does not fit"),
        ('size = "١٢٨٠x720"', "1280x720"),
        ("mirror = 1", "true or false"),
        ('fullscreen = "yes"', "true or false"),
        ('engine = "openvin"', "Did you mean openvino?"),
        ("engine = 1", "auto, tensorrt, openvino or onnxruntime"),
        ('pace = ""', "source or max"),
        ('style = " "', "--list-styles"),
        ("camera = -1", "--list-cameras"),
        ("source = true", "demo"),
        ('source = "a\\u0000b"', "demo"),
        ("record = 3", ".mp4"),
        ('report = ""', "report.json"),
        ('pictures = "~nobody-has-this-name/x"', "folder"),
        ("style = 1979-05-27", "a date or time does not fit"),
        ("[style]", "style = a table does not fit"),
    ],
)
def test_what_does_not_fit_names_its_line_and_what_does(write, line, expected):
    path = write(f"# line one\n\n{line}\n")
    text = message(path)
    assert text.startswith(f"{path}, line 3: {line.split(' ')[0].strip('[]')} = ") and expected in text


@pytest.mark.parametrize("size", ["160x120", "7680x4320", "1280X720"])
def test_the_limits_of_size_themselves_fit(size):
    assert check("size", size, "x").value == tuple(int(n) for n in size.lower().split("x"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('style = "bob"\nevery = = 3\n', "line 2, column 9"),
        ("style = bob\n", "line 1, column 9"),
        ('style = "bob"\nstyle = "afro"\n', "line 2"),
        ('style = "bob\n', "line 1"),
        ('style = """bob\n', "line 2, column 1"),
        ("frames = 1" + "0" * 5000, "line 1"),
    ],
)
def test_not_toml_names_line_and_column(write, text, place):
    path = write(text)
    assert message(path).startswith(f"{path}, {place}")


def test_what_is_no_settings_file_at_all(write, tmp_path):
    assert "line 2: this is not UTF-8" in message(write(b'style = "bob"\n# \xff\xfe\n'))
    assert "larger than 1 MB" in message(write(b"#" * ((1 << 20) + 1)))
    assert "Is a directory" in message(tmp_path)
    assert "There is no settings file" in message(tmp_path / "none.toml")
    assert "nested too deeply" in message(write("style = " + "[" * 100_000))


def test_saved_settings_come_back(tmp_path):
    path = tmp_path / "new" / "settings.toml"
    odd = Settings(
        source='C:\\clips\\"a" \t\x7f 😀.mp4', camera="HD Web\ncam", every=0.1, size=(640, 480), frames=1,
        mirror=False, engine="openvino", record=Path("dir with space/x.mp4"),
    )  # fmt: skip
    save_settings(odd, path)
    assert load_settings(path) == odd
    save_settings(Settings(), path)
    assert load_settings(path) == Settings() and set(read_file(path)) <= set(TABLES)


def test_saved_file_is_commented_and_its_examples_are_valid(tmp_path):
    path = tmp_path / "settings.toml"
    save_settings(Settings(style="bob"), path)
    lines = path.read_text().splitlines()
    assert 'style = "bob"' in lines and "# every = 6.0" in lines
    # Taking the # off any suggested line must give a valid file.
    suggested = [line[2:] for line in lines if line.startswith("# ") and line[2:].split(" = ")[0] in KEYS]
    assert len(suggested) == len(KEYS) - 1
    path.write_text("\n".join(suggested))
    read_file(path)


def test_settings_cannot_be_saved_under_a_file(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(MirrorError, match="cannot be written"):
        save_settings(Settings(), tmp_path / "file" / "settings.toml")


def test_shown_is_short_and_one_line():
    assert shown("a\nb\x1b[31m") == '"a\\nb\\x1b[31m"'
    assert len(shown("x" * 1000)) < 130 and shown(True) == "true" and shown(float("nan")) == "nan"


def test_pictures_folder_has_a_default(tmp_path):
    assert Settings(pictures=tmp_path).pictures_folder == tmp_path
    assert Settings().pictures_folder.name == "Hair Mirror"


def test_did_you_mean_only_what_is_near():
    assert did_you_mean("onnx-runtime", ENGINES) == " Did you mean onnxruntime?"
    assert did_you_mean("zzz", ENGINES) == ""
