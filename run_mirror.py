"""The mirror: your own live face with another hairstyle.

python run_mirror.py --style random
python run_mirror.py --source me.jpg --style bob
python run_mirror.py --help
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    # Ctrl-C while the libraries load, which takes seconds: nothing is open yet that has to be closed, and
    # raised in the midst of their code it would be told as a fault of theirs. `run` puts its own in place.
    import _signal  # `signal` itself takes long to load

    _signal.signal(_signal.SIGINT, lambda *_: os._exit(0))

import contextlib
import dataclasses
import logging
import math
import signal
from pathlib import Path
from typing import TYPE_CHECKING

# Before MediaPipe is imported: its start-up chatter is for its developers. Errors still show.
os.environ.setdefault("GLOG_minloglevel", "2")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Before numpy is: its matrices here are so small that a thread of its own library takes longer to wake up.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from mirror.core.closed_pipe import leave_quietly
from mirror.core.errors import MirrorError
from mirror.files.partial_files import sweep
from mirror.pipeline import machine_info  # also notes when the program started
from mirror.settings.command_line import read_settings
from mirror.settings.options import Settings
from mirror.settings.settings_file import default_path

if TYPE_CHECKING:
    from mirror.app.live_display import Display
    from mirror.pipeline.live_loop import Live
    from mirror.pipeline.run_report import Report
    from mirror.sources import Source

log = logging.getLogger("mirror")
NO_SCREEN_FRAMES = 300
NO_SCREEN_VIDEO = Path("mirror.mp4")
LAB_SIZE = (1280, 720)


def main(argv: list[str] | None = None) -> int:
    """Runs the program; returns the exit code: 0, or 2 after one line about what was wrong."""
    start_log()
    try:
        settings = read_settings(argv)
        if settings.list_styles or settings.list_cameras:
            code = list_styles(settings) if settings.list_styles else list_cameras()
            sys.stdout.flush()
            return code
        return run(settings)
    except MirrorError as error:
        # One line, whatever the name of a file holds.
        print(f"run_mirror.py: {' '.join(str(error).splitlines())}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return leave_quietly()
    except KeyboardInterrupt:  # before there was anything to close
        return 0


def start_log() -> None:
    """What goes well to standard output, what goes wrong to standard error."""
    told = logging.StreamHandler(sys.stdout)
    told.addFilter(lambda record: record.levelno < logging.WARNING)
    warned = logging.StreamHandler(sys.stderr)
    warned.setLevel(logging.WARNING)
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[told, warned])


def list_styles(settings: Settings) -> int:
    """Prints the style book and the dyes."""
    from mirror.engines import ENGINES_FOLDER
    from mirror.hair.packs.in_use import open_packs, use_packs
    from mirror.hair.shelf import open_book
    from mirror.hair.styles.dye_pattern import EXAMPLE, KINDS
    from mirror.hair.styles.natural_range import NATURAL_RANGE, TONES
    from mirror.hair.styles.shade_chart import use_shades
    from mirror.hair.styles.shade_names import named_shades

    packs = open_packs(settings.packs)
    use_packs(packs)
    use_shades(settings.shades, [pack.chart for pack in packs if pack.chart is not None])
    for number, style in enumerate(open_book(ENGINES_FOLDER).styles, 1):
        print(f"{number:3}  {style.name:<20} {', '.join(style.tags)}")
    print(f"\nDyes, for --dye: {', '.join(dye.name for dye in named_shades())};")
    tones = ", ".join(f"{tone.digit} {tone.name}" for tone in TONES)
    last = len(NATURAL_RANGE)
    print(f"or a level, 1 (black) to {last} (lightest blond), and a tone, as 7/1 or 7-ash: {tones};")
    print(f"or two in a pattern, as {EXAMPLE}: {', '.join(kind.name for kind in KINDS)}")
    return 0


def list_cameras() -> int:
    """Prints the cameras."""
    from mirror import sources

    found = sources.list_cameras()
    for number, name in found:
        print(f"{number:3}  {name}")
    if not found:
        print("No camera was found. Without one the mirror shows its demo.")
    return 0


def without_screen(settings: Settings) -> Settings:
    """What runs where there is no screen and none was ruled out: a short recording."""
    from mirror.app.screen import screen_available

    available, reason = screen_available()
    if available:
        return settings
    changes: dict[str, object] = {"headless": True}
    if settings.record is None:
        changes["record"] = NO_SCREEN_VIDEO
    if settings.frames is None:
        changes["frames"] = NO_SCREEN_FRAMES
    settings = dataclasses.replace(settings, **changes)  # type: ignore[arg-type]
    log.warning(
        "No screen (%s): running headless, %d frames go to %s.",
        reason, settings.frames, Path(settings.record or NO_SCREEN_VIDEO).resolve(),
    )  # fmt: skip
    return settings


def run(settings: Settings) -> int:
    """One run of the mirror, from opening the source to the report."""
    # What was being written when an earlier run was killed: it may hold a photograph.
    beside = [path.parent for path in (settings.report, default_path()) if path is not None]
    sweep([settings.pictures_folder, *beside])
    if settings.kiosk:
        from mirror.app.kiosk.main_loop import run_kiosk

        return run_kiosk(settings)
    if not (settings.headless or settings.lab):
        settings = without_screen(settings)
    # Only now: the libraries behind these take a second, and a mistyped flag should not wait for them.
    from mirror.app.live_display import Display
    from mirror.app.printing.printer import check_printing
    from mirror.app.sharing.virtual_camera import VirtualCamera, load_package
    from mirror.engines import ENGINES_FOLDER
    from mirror.hair.packs.in_use import open_packs, use_packs
    from mirror.hair.shelf import open_book
    from mirror.hair.styles.dye import find as find_dye
    from mirror.hair.styles.selection import RANDOM, check_style
    from mirror.hair.styles.shade_chart import use_shades
    from mirror.hair.styles.tour_file import read_tour
    from mirror.pipeline.live_loop import Live
    from mirror.pipeline.run_report import Report
    from mirror.pipeline.touring import Touring
    from mirror.sources import Adjustment, Calibrated, open_source

    pictures = None
    if settings.lab:
        from mirror.app.lab import open_pictures

        pictures = None if settings.lab_data is None else open_pictures(settings.lab_data)
        settings = dataclasses.replace(settings, every=math.inf)  # what is set stays on
    packs = open_packs(settings.packs)
    use_packs(packs)
    use_shades(settings.shades, [pack.chart for pack in packs if pack.chart is not None])
    find_dye(settings.dye)
    if settings.virtual_camera:
        load_package()
    if not settings.headless:
        check_printing(settings.print)
    book, touring = open_book(ENGINES_FOLDER), None
    check_style(settings.style, book)
    if settings.tour is not None and not settings.lab:
        from mirror.app.screen.own_texts import check_captions

        touring = Touring(read_tour(settings.tour, book))
        check_captions(settings.tour, [step.text for step in touring.tour.steps])
        first = touring.tour.steps[0]
        style = RANDOM if first.style is None else book[first.style].name
        settings = dataclasses.replace(settings, style=style, dye=first.dye, style_from=None)
    adjust = Adjustment(settings.rotate, settings.crop, settings.exposure, settings.white_balance)
    source = open_source(
        settings.source, size=settings.size, pace=settings.pace,
        calibrated=Calibrated(settings.camera, adjust),
        standby=not (settings.headless or settings.virtual_camera),
        stays=not (settings.headless or keeps(settings)),
    )  # fmt: skip
    why = "" if source.reason in source.name else f" ({source.reason})"
    log.info("Source: %s%s, %dx%d", source.name, why, *source.size)
    # At pace "max" every frame counts; at the source's own pace the newest wins.
    live = Live(source, settings, may_lose=settings.pace == "source", touring=touring)
    with contextlib.ExitStack() as stack:
        stack.callback(live.stop)
        camera = None
        if settings.virtual_camera:
            camera = stack.enter_context(VirtualCamera(source.size, source.rate))
            log.info("Virtual webcam: %s", camera.device)
        window = None
        if not settings.headless:
            from mirror.app.screen import Window, enlarge, open_voice
            from mirror.app.screen.own_texts import check_packs, check_shades, use_own_texts
            from mirror.translation.catalogue import Words

            use_own_texts(settings.texts)
            check_packs(packs)
            check_shades(settings.shades)
            enlarge(settings.large_text)

            size = LAB_SIZE if settings.lab else source.size
            window = stack.enter_context(
                Window(
                    "Hair Mirror",
                    size,
                    fullscreen=settings.fullscreen,
                    mirrored=settings.mirror,
                    words=Words(settings.language),
                )
            )
            window.voice = open_voice() if settings.speak else None
        report = Report(started=machine_info.started_at())
        display = Display(live, source, settings, window, report, camera)
        if settings.clean_output and window is not None and not settings.lab:
            display.outgoing.clean = window.open_second()
        if settings.lab and window is not None:
            from mirror.app.lab import add_lab

            stack.callback(add_lab(window, live, display, settings, pictures).close)
        if window is not None:
            from mirror.app.screen.screen_lost import when_screen_is_lost

            when_screen_is_lost(lambda: lost(display, live, report, source, settings), "run_mirror.py")
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: setattr(display, "stopped", True))
        try:
            display.run()
        except BaseException:
            # A full disk or a lost camera ended it: the numbers up to then are worth keeping. With none,
            # an earlier report stays.
            if display.shown_count:
                conclude(display, live, report, source, settings)
            raise
        conclude(display, live, report, source, settings)
    return 0


def keeps(settings: Settings) -> bool:
    """Whether a run is there for what it leaves behind: then it ends with the film, and is done."""
    return bool(settings.record or settings.record_pairs or settings.report or settings.frames)


def lost(display: Display, live: Live, report: Report, source: Source, settings: Settings) -> None:
    """Keeps what there is to keep when the screen is gone and the program ends at once."""
    try:
        display.finish()
    finally:
        if display.shown_count:
            conclude(display, live, report, source, settings)


def conclude(display: Display, live: Live, report: Report, source: Source, settings: Settings) -> None:
    """Says what ran and where things went, and writes the report."""
    run = display.summary()
    for name, engine in run.engines.items():
        log.info("Engine of the %s network: %s, %s, %s (%s)", name, *engine.values())
    report.dropped += source.dropped + live.dropped
    if settings.record and display.recorded:
        log.info("Recorded: %s", settings.record.resolve())
    if settings.report and not display.shown_count:
        log.warning(
            "No picture was shown: there is nothing to report, and %s is not written.", settings.report
        )
    elif settings.report:
        report.write(
            settings.report, engines=run.engines, style=run.style, source=source.name, size=source.size
        )


if __name__ == "__main__":
    sys.exit(main())
