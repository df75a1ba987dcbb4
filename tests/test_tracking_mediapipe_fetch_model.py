"""Fetching the face model: checked before it is kept, and a plain word when it cannot be had."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mirror.core.errors import MirrorError
from mirror.tracking.mediapipe import fetch_model


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[str, Path]:
    """A model store that is a folder: (URL, where the model will be kept)."""
    goods = tmp_path / "store.task"
    goods.write_bytes(b"the model")
    kept = tmp_path / "cache" / "hair-mirror" / fetch_model.MODEL_NAME
    monkeypatch.setattr(fetch_model, "model_path", lambda: kept)
    monkeypatch.setattr(fetch_model, "MODEL_SHA256", hashlib.sha256(b"the model").hexdigest())
    return goods.as_uri(), kept


def test_fetching_keeps_the_model(shop: tuple[str, Path]) -> None:
    url, kept = shop
    assert fetch_model.fetch_model(url) == kept
    assert fetch_model.read_model() == b"the model"
    # It is there now: the store is not asked again.
    assert fetch_model.fetch_model("file:///nowhere") == kept
    # A broken copy is replaced.
    kept.write_bytes(b"")
    fetch_model.fetch_model(url)
    assert kept.read_bytes() == b"the model"
    assert list(kept.parent.iterdir()) == [kept]


def test_a_wrong_answer_is_not_kept(shop: tuple[str, Path], tmp_path: Path) -> None:
    (tmp_path / "store.task").write_bytes(b"a login page")
    with pytest.raises(MirrorError, match="nothing was kept"):
        fetch_model.fetch_model(shop[0])
    assert not shop[1].exists()


def test_no_network_is_one_line_and_exit_code_2(
    shop: tuple[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*args: object, **named: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(fetch_model.urllib.request, "urlopen", refuse)
    assert fetch_model.main() == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert "could not be fetched" in printed.err


def test_nothing_is_fetched_where_mediapipe_carries_its_models(monkeypatch, capsys):
    monkeypatch.setattr(fetch_model, "fetch_model", lambda: pytest.fail("it was fetched all the same"))
    monkeypatch.setattr(fetch_model, "carries_models", lambda: True)
    assert fetch_model.main(["--if-needed"]) == 0
    assert "nothing to fetch" in capsys.readouterr().out
    monkeypatch.setattr(fetch_model, "fetch_model", lambda: "here")
    monkeypatch.setattr(fetch_model, "carries_models", lambda: False)
    assert fetch_model.main(["--if-needed"]) == 0
    assert "ready: here" in capsys.readouterr().out
