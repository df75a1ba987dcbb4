"""Voice: what is worn, said aloud by the system's own speech, for those who cannot read it.

voice = open_voice()
voice.say("Bob", "en")    # every frame: only a new name is said, and only once the person has stopped leafing
voice.close()
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mirror.core.errors import MirrorError

log = logging.getLogger("mirror")
SETTLE = 0.4  # seconds for which a name is worn before it is said: of those leafed past none is
LONGEST = 10.0  # seconds that a name may take; one that takes longer hangs, and is cut off
_LISTING = 5.0  # seconds that the list of voices may take
_NO_CONSOLE = 0x08000000  # CREATE_NO_WINDOW of the Windows API: no black window flashes up

# PowerShell's own speech. The words come by its standard input: nothing in them is ever a command.
_WINDOWS = """\
[Console]::InputEncoding = [Text.Encoding]::UTF8
Add-Type -AssemblyName System.Speech
$speech = New-Object System.Speech.Synthesis.SpeechSynthesizer
$voice = $speech.GetInstalledVoices() | Where-Object {
  $_.Enabled -and $_.VoiceInfo.Culture.TwoLetterISOLanguageName -eq 'LANGUAGE' } | Select-Object -First 1
if ($voice) { $speech.SelectVoice($voice.VoiceInfo.Name) }
$speech.Speak([Console]::In.ReadToEnd())"""


@dataclass(frozen=True, slots=True)
class Program:
    """A program that speaks.

    Attributes:
        name: of the program.
        command: language -> its arguments; it reads the words from its standard input.
        argument: it takes the words as its last argument instead.
        stop: what ends its speech, where that does not end with the program.
    """

    name: str
    command: Callable[[str], list[str]]
    argument: bool = False
    stop: tuple[str, ...] = ()


class Voice:
    """Says names, the newest first; a name that a newer one overtakes is cut off.

    Args:
        program: that speaks.
        settle: seconds for which a name stays before it is said.
    """

    def __init__(self, program: Program, settle: float = SETTLE) -> None:
        self._program, self._settle = program, settle
        self._wanted = ("", "")
        self._changed, self._closed = threading.Event(), False
        self._warned = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="voice")
        self._thread.start()

    def say(self, words: str, language: str) -> None:
        """Has words said, unless they were the last; "" ends what is being said, and forgets it."""
        if (words, language) != self._wanted:
            self._wanted = words, language
            self._changed.set()

    def close(self) -> None:
        """Falls silent."""
        self._closed = True
        self._changed.set()
        self._thread.join(2.0)

    def _run(self) -> None:
        while not self._closed:
            self._changed.wait()
            self._changed.clear()
            while self._changed.wait(self._settle) and not self._closed:
                self._changed.clear()
            words, language = self._wanted
            if words and not self._closed:
                self._speak(words, language)

    def _speak(self, words: str, language: str) -> None:
        program = self._program
        arguments = [*program.command(language), *([words] if program.argument else [])]
        try:
            process = subprocess.Popen(
                arguments, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                creationflags=_NO_CONSOLE if sys.platform == "win32" else 0,
            )  # fmt: skip
        except OSError as error:
            self._warn(error.strerror or type(error).__name__)
            return
        assert process.stdin is not None
        with contextlib.suppress(OSError), process.stdin:
            process.stdin.write(b"" if program.argument else words.encode())
        end = time.monotonic() + LONGEST
        while process.poll() is None and not self._changed.is_set() and time.monotonic() < end:
            self._changed.wait(0.05)
        if process.poll() is None:
            process.terminate()
            if program.stop:
                with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                    subprocess.run(program.stop, capture_output=True, timeout=1.0, check=False)
            try:
                process.wait(1.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        elif process.returncode:
            self._warn(f"exit {process.returncode}")

    def _warn(self, why: str) -> None:
        """Once: a name that is not said is no reason to fill a log."""
        if not self._warned:
            self._warned = True
            log.warning("The names of styles are not spoken: %s failed (%s).", self._program.name, why)


def open_voice() -> Voice:
    """The system's own speech.

    Raises:
        MirrorError: there is none; says what to install.
    """
    program = found()
    if program is not None:
        return Voice(program)
    raise MirrorError(
        f"Names cannot be spoken: none of {', '.join(one.name for one in programs())} is installed. Install "
        "one, on Debian with: apt install speech-dispatcher; or write speak = false."
    )


def found() -> Program | None:
    """The best program that is installed."""
    return next((one for one in programs() if shutil.which(one.name) is not None), None)


def programs() -> Sequence[Program]:
    """Those of this system, the best first."""
    if sys.platform == "win32":
        shell = ["-NoProfile", "-NonInteractive", "-Command"]
        return (Program("powershell", lambda language: [
            "powershell", *shell, _WINDOWS.replace("LANGUAGE", language)]),)  # fmt: skip
    if sys.platform == "darwin":
        return (Program("say", lambda language: ["say", *_mac_voice(language), "-f", "-"]),)
    return (
        # Speech Dispatcher goes on speaking when its client has gone.
        Program("spd-say", lambda language: ["spd-say", "-w", "-l", language, "--"], argument=True,
                stop=("spd-say", "-S")),
        Program("espeak-ng", lambda language: ["espeak-ng", "-v", language, "--stdin"]),
    )  # fmt: skip


def _mac_voice(language: str) -> list[str]:
    """The arguments that choose the first voice of a language; none where there is none."""
    try:
        listed = subprocess.run(["say", "-v", "?"], capture_output=True, timeout=_LISTING, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    name = voice_of(language, listed.decode("utf-8", "replace"))
    return ["-v", name] if name else []


def voice_of(language: str, listed: str) -> str | None:
    """The first voice of a language in the list that macOS prints.

    Example:
        >>> voice_of("de", "Alex                en_US    # Hi!\\nAnna (Enhanced)     de_DE    # Hallo!")
        'Anna (Enhanced)'
    """
    for line in listed.splitlines():
        words = line.partition("#")[0].rsplit(None, 1)
        if len(words) == 2 and words[1].replace("-", "_").split("_")[0] == language:
            return words[0].strip()
    return None
