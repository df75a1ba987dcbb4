"""The page of the data set: pictures by number with their reconstruction, and who is most similar."""

from __future__ import annotations

from functools import partial

from mirror.app.lab.session import Session
from mirror.app.lab.widget_board import Board
from mirror.app.screen.design import INK
from mirror.translation.message import Message, Said, joined

_KINDS = {"hair": Message("by hair"), "face": Message("by face")}


class DataTab:
    """Browses the data set."""

    help: str = Message(
        "Left, Right: other pictures. Hair 1.0 apart: as two people usually are. Faces: in eye distances."
    )

    def __init__(self, board: Board, session: Session, top: float) -> None:
        self._board, self._session = board, session
        if session.pictures is None:
            for row, words in enumerate(
                (
                    Message("No data set was given. Start the lab with one:"),
                    Said("run_mirror.py --lab --lab-data FOLDER"),
                )
            ):
                board.label(board.at(0, top + 26 * row, 1, 24), words, "#quiet")
            return
        count = len(session.pictures)
        board.button(board.at(0, top, 0.1, 28), "left", lambda: session.show(session.number - 1))
        self._slider = board.slider(
            board.at(0.12, top, 0.52, 28), (0, max(count - 1, 1)), self._go, gesture=False
        )
        board.button(board.at(0.66, top, 0.1, 28), "right", lambda: session.show(session.number + 1))
        board.entry(board.at(0.79, top, 0.21, 28), lambda words: self._typed(words))
        self._name = board.note(board.at(0, top + 32, 1, 26), "", INK)
        board.spots({
            "photograph": board.at(0, top + 60, 0.49, 150), "painted": board.at(0.51, top + 60, 0.49, 150),
            "hair": board.at(0, top + 324, 0.24, 96), "face": board.at(0.51, top + 324, 0.24, 96),
        })  # fmt: skip
        self._under = board.note(board.at(0, top + 212, 1, 28), "")
        board.button(board.at(0, top + 242, 1, 30), Message("Put this hair on"), session.wear_shown)
        board.button(board.at(0, top + 284, 1, 30), Message("Who is most like me?"), session.find_similar)
        self._words = {
            kind: [
                board.label(board.at(x, top + 328 + 24 * line, 0.24, 22), "", "#quiet") for line in range(3)
            ]
            for kind, x in (("hair", 0.26), ("face", 0.77))
        }
        self._progress = board.label(board.at(0, top + 426, 1, 22), "", "#quiet")
        if session.reading is None:
            session.show(session.number)

    def refresh(self, session: Session) -> None:
        if session.pictures is None:
            return
        board, reading = self._board, session.reading
        count, done = len(session.pictures), session.reader.done
        board.put(self._slider, session.number)
        board.tell(
            self._name,
            joined(
                ": ",
                Message("{number} of {count}", number=session.number + 1, count=count),
                Said(session.pictures.name(session.number)),
            ),
        )
        board.picture("photograph", reading.picture if reading else None)
        board.picture("painted", reading.painted if reading else None)
        words: str = Message("The photograph, and its hair painted from its code")
        if reading is None:
            words = Message("Reading it …")
        board.tell(self._under, reading.problem if reading is not None and reading.problem else words)
        for kind, lines in self._words.items():
            match = session.matches.get(kind)
            said: tuple[str, ...] = ("", "", "")
            if match is not None:
                said = (
                    _KINDS[kind],
                    Message("{distance:.2f} apart", distance=match.apart),
                    Message("no. {number}", number=match.number + 1),
                )
            for line, words in zip(lines, said, strict=True):
                board.show(line, words)
            board.picture(
                kind, session.match_picture(kind),
                partial(session.show, match.number) if match is not None else None,
            )  # fmt: skip
        told = Message("All {count} codes are read", count=count)
        if done < count:
            told = Message("Codes: {number} of {count} read", number=done, count=count)
        board.show(self._progress, told)

    def wheel(self, by: int) -> bool:
        self._session.show(self._session.number - by)
        return False

    def _go(self, value: float) -> None:
        if round(value) != self._session.number:
            self._session.show(round(value))

    def _typed(self, words: str) -> None:
        count = len(self._session.pictures or ())
        if words.isdecimal() and 1 <= int(words) <= count:
            self._session.show(int(words) - 1)
        else:
            self._session.say(
                Message("There is no picture of that number. Type {first} to {count}.", first=1, count=count)
            )
