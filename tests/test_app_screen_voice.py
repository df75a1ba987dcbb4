"""Names that are spoken: by the system's own program, the newest alone, and loudly where there is none."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

import pytest

from mirror.app.screen import voice
from mirror.app.screen.voice import Program, Voice, open_voice, voice_of
from mirror.core.errors import MirrorError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the program of this test is a shell script")


def speaker(folder: Path, then: str = "") -> Program:
    """A program that notes what it is to say."""
    script, told = folder / "speaker", folder / "told"
    script.write_text(f'#!/bin/sh\necho "$1: $(cat)" >> "{told}"\n{then}\n')
    script.chmod(0o755)
    return Program("speaker", lambda language: [str(script), language])


def said(folder: Path, lines: int, seconds: float = 10.0) -> list[str]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = (folder / "told").read_text().splitlines() if (folder / "told").exists() else []
        if len(found) >= lines:
            return found
        time.sleep(0.02)
    pytest.fail(f"{lines} names were not said: {found}")


def test_a_name_is_said_once_and_of_those_leafed_past_only_the_last(tmp_path):
    spoken = Voice(speaker(tmp_path), settle=0.2)
    try:
        for name in ("Bob", "Pixie", "Afro"):
            spoken.say(name, "de")
        for _ in range(5):
            spoken.say("Afro", "de")  # every frame
        assert said(tmp_path, 1) == ["de: Afro"]
        spoken.say('$(rm) -x; "bob"', "en")
        assert said(tmp_path, 2)[1] == 'en: $(rm) -x; "bob"', "a name is never a command"
        spoken.say("", "en")
        spoken.say("Afro", "de")
        assert said(tmp_path, 3)[2] == "de: Afro"
    finally:
        spoken.close()
    assert len(said(tmp_path, 3)) == 3


def test_a_newer_name_cuts_the_older_off(tmp_path):
    spoken = Voice(speaker(tmp_path, "exec sleep 30"), settle=0.0)
    try:
        spoken.say("Bob", "en")
        said(tmp_path, 1)
        began = time.monotonic()
        spoken.say("Afro", "en")
        said(tmp_path, 2)
        assert time.monotonic() - began < 20
    finally:
        spoken.close()
    assert not spoken._thread.is_alive(), "closing ends what is being said"


def test_what_fails_is_told_once(tmp_path, caplog):
    spoken = Voice(speaker(tmp_path, "exit 3"), settle=0.0)
    with caplog.at_level(logging.WARNING, "mirror"):
        for lines, name in enumerate(("Bob", "Afro"), 1):
            spoken.say(name, "en")
            said(tmp_path, lines)
            time.sleep(0.2)
        spoken.close()
    assert [record.getMessage() for record in caplog.records] == [
        "The names of styles are not spoken: speaker failed (exit 3)."
    ]


def test_without_a_program_the_person_is_told_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MirrorError, match="install speech-dispatcher|say|powershell"):
        open_voice()


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_every_system_has_a_program(system, monkeypatch):
    monkeypatch.setattr(voice.sys, "platform", system)
    monkeypatch.setenv("PATH", "")
    for program in voice.programs():
        arguments = program.command("de")
        assert arguments[0] == program.name
        assert system == "darwin" or any("de" in argument for argument in arguments[1:])


def test_the_voice_of_a_language_is_found_in_the_list_of_macos():
    listed = "Alex                en_US    # Most people\nKyoko (Enhanced)    ja_JP    # こんにちは\n"
    assert voice_of("ja", listed) == "Kyoko (Enhanced)" and voice_of("tr", listed) is None
