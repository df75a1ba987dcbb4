"""The report: the figures are those of the frames it was told of, and the file is whole."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.pipeline import machine_info
from mirror.pipeline.run_report import KEPT, Report, _Series

KEYS = {
    "frames", "seconds", "fps", "latency_ms", "stages_ms", "stages_per_s", "dropped", "tracked",
    "first_swap_s", "rss_mb", "engines", "style", "source", "size", "machine", "versions",
}  # fmt: skip
ENGINE = SimpleNamespace(name="openvino", device="CPU", precision="bf16", reason="the best that works")


class Clock:
    """Time that moves when told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def run(frames: int, *, interval: float = 0.04, first_swap: int = 5) -> Report:
    clock = Clock()
    report = Report(started=98.0, clock=clock)
    for number in range(1, frames + 1):
        # The first 30 frames are slow: they must not count.
        clock.now += interval if number > 30 else 1.0
        stages = {"track": 0.003, "show": 0.001} | ({"swap": 0.010} if number >= first_swap else {})
        report.frame(number / 1000, stages, tracked=number % 2 == 0, swapped=number >= first_swap)
    return report


def test_the_first_30_frames_are_left_out_of_the_rate():
    summary = run(130).summary()
    assert summary["frames"] == 100
    assert summary["seconds"] == pytest.approx(4.0) and summary["fps"] == pytest.approx(25.0)


def test_how_often_a_stage_ran_is_told_by_the_second():
    assert run(130).summary()["stages_per_s"] == {"track": 25.0, "show": 25.0, "swap": 25.0}
    seldom = run(130, first_swap=106).summary()["stages_per_s"]
    assert seldom["swap"] == pytest.approx(25 / 4) and seldom["track"] == 25.0
    assert run(20).summary()["stages_per_s"] == {}


def test_percentiles_are_over_all_frames_in_milliseconds():
    summary = run(130).summary()
    all_ms = np.arange(1, 131)
    expected = {"p50": np.percentile(all_ms, 50), "p95": np.percentile(all_ms, 95), "max": 130}
    assert summary["latency_ms"] == pytest.approx(expected)
    assert summary["stages_ms"] == {
        "track": {"p50": 3.0, "p95": 3.0},
        "show": {"p50": 1.0, "p95": 1.0},
        "swap": {"p50": 10.0, "p95": 10.0},
    }
    assert summary["tracked"] == 0.5
    assert summary["first_swap_s"] == 7.0  # 100 + 5 frames of 1 s, from 98


@pytest.mark.parametrize("frames", [0, 1, 30])
def test_a_short_run_has_no_rate_but_a_report(tmp_path, frames):
    report = run(frames)
    report.write(tmp_path / "r.json", engines={}, style="bob", source="demo", size=(640, 360))
    read = json.loads((tmp_path / "r.json").read_text())
    assert read["frames"] == 0 and read["fps"] is None and set(read) == KEYS
    assert (read["latency_ms"]["max"] is None) == (frames == 0)


def test_a_run_without_a_swap_says_so():
    assert run(40, first_swap=99).summary()["first_swap_s"] is None


def test_the_file_has_exactly_the_keys_of_the_table(tmp_path):
    report = run(40)
    report.dropped += 3
    path = tmp_path / "new" / "r.json"
    report.write(path, engines={"matte": ENGINE}, style="bob", source="clip ä.mp4", size=(1280, 720))
    read = json.loads(path.read_text())
    assert set(read) == KEYS and read["dropped"] == 3
    assert read["engines"] == {
        "matte": {
            "backend": "openvino",
            "device": "CPU",
            "precision": "bf16",
            "reason": "the best that works",
        }
    }
    assert (read["style"], read["source"], read["size"]) == ("bob", "clip ä.mp4", "1280x720")
    assert read["versions"]["numpy"] == np.__version__ and {"mirror", "python"} <= set(read["versions"])
    assert read["machine"]["cores"] >= 1 and [entry.name for entry in path.parent.iterdir()] == ["r.json"]


def test_engines_may_be_given_as_mappings(tmp_path):
    entry = {"backend": "tensorrt", "device": "GPU", "precision": "f16", "reason": "fastest"}
    run(1).write(tmp_path / "r.json", engines={"painter": entry}, style="", source="", size=(2, 2))
    assert json.loads((tmp_path / "r.json").read_text())["engines"] == {"painter": entry}


def test_an_unwritable_report_is_said_in_one_line(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(MirrorError, match=r"^--report .*cannot be written"):
        run(1).write(tmp_path / "file" / "r.json", engines={}, style="", source="", size=(2, 2))


def test_memory_stays_bounded_and_the_sample_even(monkeypatch):
    monkeypatch.setattr("mirror.pipeline.run_report.KEPT", 1000)
    series = _Series()
    for number in range(20_000):
        series.add(number / 1e3)
    assert len(series._values) == 1000 and KEPT > 30 * 60 * 60 * 2 and series.largest == 19.999
    assert series.percentile(50) == pytest.approx(10_000, rel=0.1)


def test_this_process_began_before_now_and_holds_memory():
    import time

    age = time.monotonic() - machine_info.started_at()
    assert 0 <= age < 24 * 3600
    before = machine_info.peak_memory()
    if before is None:
        pytest.skip("this system does not tell")
    block = np.ones(int(before * 1e6 + 50e6), np.uint8)  # surely a new peak
    after = machine_info.peak_memory()
    assert after is not None and after >= before + 40 and block[-1] == 1


def test_machine_says_nothing_of_its_name():
    import platform

    described = " ".join(str(value) for value in machine_info.machine().values())
    assert platform.node() not in described.split()
