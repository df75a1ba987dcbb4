"""One folder with pictures, figures and an index.html that opens without a network and without scripts."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import cv2
import numpy as np
from matplotlib.figure import Figure

from mirror.core.errors import MirrorError

PRIVATE = (
    "This folder holds pictures of the data set. It is for the eyes of those who may see the data, and is "
    "not to be published."
)
OWN = {"index.html", "report.json"}
STYLE = """
:root { color-scheme: light }
body { font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff; max-width: 72rem; margin: 0 auto;
  padding: 1rem }
h1 { font-size: 1.6rem; margin: .5rem 0 }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; border-top: 1px solid #ddd; padding-top: 1rem }
figure { margin: 1rem 0 }
figure img { max-width: 100%; height: auto; display: block }
figcaption { color: #444; max-width: 46rem; margin-top: .4rem }
.private { background: #fff4d6; border-left: 4px solid #c80; padding: .5rem .8rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: .2rem .6rem; border-bottom: 1px solid #e5e5e5; vertical-align: top }
th:first-child, td:first-child, .words { text-align: left }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0 }
dt { color: #666 }
dd { margin: 0; overflow-wrap: anywhere }
nav a { margin-right: .8rem }
details { margin: .5rem 0 }
@media (max-width: 44rem) {
  figure a { display: block; overflow-x: auto }
  figure img { max-width: none; width: max(100%, 44rem) }
}
""".strip()


@dataclass
class Page:
    """A report while it is being made.

    Attributes:
        folder: where its files go.
        title: heading of the page.
        facts: what stands below the heading, name -> text.
        figures: what goes into report.json; anything that JSON can hold.
        files: names of the pictures written so far.
    """

    folder: Path
    title: str
    facts: dict[str, str] = field(default_factory=dict)
    figures: dict[str, object] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    _body: list[str] = field(default_factory=list)
    _sections: list[tuple[str, str]] = field(default_factory=list)

    def section(self, name: str) -> None:
        """Begins a section."""
        anchor = f"s{len(self._sections)}"
        self._sections.append((anchor, name))
        self._body.append(f'<h2 id="{anchor}">{escape(name)}</h2>')

    def say(self, text: str) -> None:
        """A paragraph."""
        self._body.append(f"<p>{escape(text)}</p>")

    def picture(self, name: str, image: np.ndarray, caption: str) -> None:
        """Writes a picture, uint8 (H, W, 3) RGB, as `name`.png and shows it."""
        done, data = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
        if not done:
            raise ValueError(f"{name} {image.shape} cannot be encoded as PNG")
        (self.folder / f"{name}.png").write_bytes(data.tobytes())
        self._show(name, caption, image.shape[1], image.shape[0])

    def chart(self, name: str, chart: Figure, caption: str) -> None:
        """Writes a chart as `name`.png and shows it."""
        chart.savefig(self.folder / f"{name}.png")
        # At two pixels a point a chart is shown at the size it was laid out for.
        width, height = (round(v * chart.dpi / 2) for v in chart.get_size_inches())
        self._show(name, caption, width, height)

    def table(self, header: list[str], body: list[list[str]], caption: str, *, folded: bool = False) -> None:
        """A table; `folded` hides it until it is asked for."""
        ends = [_words([row[i] for row in body]) for i in range(len(header))]
        head = "".join(f"<th{end}>{escape(cell)}</th>" for cell, end in zip(header, ends, strict=True))
        lines = "".join(
            "<tr>" + "".join(f"<td{e}>{escape(c)}</td>" for c, e in zip(row, ends, strict=True)) + "</tr>"
            for row in body
        )
        table = f'<div class="wide"><table><tr>{head}</tr>{lines}</table></div>'
        if folded:
            self._body.append(f"<details><summary>{escape(caption)}</summary>{table}</details>")
        else:
            self._body.append(f"<p>{escape(caption)}</p>{table}")

    def write(self) -> None:
        """Writes index.html and report.json."""
        facts = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in self.facts.items())
        links = " ".join(f'<a href="#{anchor}">{escape(name)}</a>' for anchor, name in self._sections)
        page = (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(self.title)}</title><style>{STYLE}</style><h1>{escape(self.title)}</h1>"
            f'<p class="private">{escape(PRIVATE)}</p><dl>{facts}</dl><nav>{links}</nav>'
            f"{''.join(self._body)}</html>\n"
        )
        record = self.figures | {"title": self.title, "notice": PRIVATE, "files": self.files}
        (self.folder / "report.json").write_text(json.dumps(record, indent=1, allow_nan=False))
        (self.folder / "index.html").write_text(page, encoding="utf-8")

    def _show(self, name: str, caption: str, width: int, height: int) -> None:
        self.files.append(f"{name}.png")
        text, source = escape(caption), escape(f"{name}.png")
        size = f'width="{width}" height="{height}" loading="lazy"'
        self._body.append(
            f'<figure><a href="{source}"><img src="{source}" {size} alt="{text}"></a>'
            f"<figcaption>{text}</figcaption></figure>"
        )


def _words(column: list[str]) -> str:
    """Figures stand to the right, words to the left."""
    return ' class="words"' if any(cell[:1].isalpha() for cell in column) else ""


def refuse_other_things(out: Path) -> None:
    """Keeps a report from replacing anything but an older report.

    Raises:
        MirrorError: `out` is a file, or holds something that no report wrote.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise MirrorError(f"{out} is a file. Give --out a folder.")
    names = {path.name for path in out.iterdir()}
    if not names:
        return
    try:
        known = OWN | set(json.loads((out / "report.json").read_text())["files"])
    except (OSError, ValueError, KeyError, TypeError):
        known = set()
    if others := sorted(names - known):
        raise MirrorError(
            f"{out} holds other things ({', '.join(others[:3])}). A report replaces its whole folder: give "
            "--out a new or empty one, or that of an older report."
        )


def put_in_place(part: Path, out: Path) -> None:
    """Puts a finished folder where an older report, or nothing, is. Raises as `refuse_other_things`."""
    refuse_other_things(out)
    shutil.rmtree(out, ignore_errors=True)
    os.replace(part, out)
