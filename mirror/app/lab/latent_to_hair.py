"""Wearing: how a point of the latent space becomes hair on the live head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from mirror.app.lab.latent_point import Look
from mirror.app.lab.principal_components import Components
from mirror.engines import Engine
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.shape_edits import led_on
from mirror.pipeline.mirror import Mirror

# A drawn look is taken when the shape decoder is as sure of it as of three in four styles of the book; after
# so many draws, the surest of them.
SURE, DRAWS = 0.42, 8
# So many standard deviations from known hair nothing of its own outline and strands is left.
FAR = 3.0
# From this share of that way on its strands go on beyond its outline: where hair grows, a map that was read
# there of the wall would paint the wall again, and leave the new rim hanging in the air.
LED_ON = 0.2


def confidence(coarse: np.ndarray) -> float:
    """How sure the shape decoder is of an outline: 1 where every cell is hair or is not, 0 or less for a fog.

    Args:
        coarse: float32 (64, 64), alpha, 0 to 1.

    Example:
        >>> confidence(np.eye(64, dtype=np.float32)), confidence(np.full((64, 64), 0.5, np.float32))
        (1.0, -1.0)
    """
    return 1 - float((4 * coarse * (1 - coarse)).sum()) / max(float(coarse.sum()), 1.0)


def code_of(look: Look, book: StyleBook, components: Components, shape_decoder: Engine) -> StyleCode:
    """The wearable code of a look.

    At its anchor a look is that very hair. Away from it the outline is what the shape decoder says of z, and
    strands, tint and light are those of the book's nearest style, as of a drawn style; between, the two are
    mixed, so that a slider never makes the hair jump.

    Args:
        shape_decoder: engine of the network `shape`.
    """
    z = look.z.astype(np.float32)
    away = min(components.apart(look.z, look.anchor.z) / FAR, 1.0) if look.anchor is not None else 1.0
    if look.anchor is not None and away < 1e-3:
        code = look.anchor
    else:
        shape = book.face_shape
        coarse = shape_decoder.run(z=z[None], shape=shape[None])["coarse"][0, 0].copy()
        near = book.nearest(coarse, z).fitted(shape)
        code = StyleCode(
            z,
            led_on(near.detail, near.coarse),
            coarse,
            shape,
            near.tint,
            near.light,
            hair_loss=near.hair_loss,
        )
        if look.anchor is not None and away < 1:
            code = _led_on(look.anchor, min(away / LED_ON, 1.0)).mixed(code, away * away * (3 - 2 * away))
        if look.anchor is not None:  # blond stays blond, whatever else a slider changes
            code = code.dyed(look.anchor.dye)
    residual = code.residual.faded(look.strands) if code.residual is not None else None
    return replace(code, z=z, detail=code.detail * np.float32(look.strands), residual=residual)


def _led_on(code: StyleCode, share: float) -> StyleCode:
    """Known hair whose strands go on beyond its outline, so far as it is asked for, 0 to 1."""
    detail = led_on(code.detail, code.coarse)
    return replace(code, detail=code.detail + (detail - code.detail) * np.float32(share))


def surest(looks: Sequence[Look], book: StyleBook, shape_decoder: Engine) -> Look:
    """The first look whose outline the shape decoder is sure of, or the surest of all."""
    best, most = looks[0], -np.inf
    for look in looks:
        z = look.z.astype(np.float32)
        out = shape_decoder.run(z=z[None], shape=book.face_shape[None])
        sure = confidence(out["coarse"][0, 0])
        if sure > most:
            best, most = look, sure
        if sure >= SURE:
            break
    return best


class Wearer:
    """Puts looks on the mirror in its own thread: the newest wins, one a frame at most.

    Args:
        tell: `Live.tell`.
        components: of the book's prior.

    Attributes:
        worn: what was last put on; the very object that the mirror's `styling` holds.
        look: the look of `worn`.
    """

    def __init__(
        self, tell: Callable[[Callable[[Mirror, float], None]], None], components: Components
    ) -> None:
        self._tell, self.components = tell, components
        self._wanted: Sequence[Look] | None = None
        self.worn: StyleCode | None = None
        self.look: Look | None = None

    @property
    def busy(self) -> bool:
        """Whether a look is on its way to the head."""
        return self._wanted is not None

    def wear(self, *looks: Look) -> None:
        """Has a look put on, a style of the book itself as it was grown where it was; of several looks the
        first with a sure outline, see `surest`."""
        asked, self._wanted = self._wanted is not None, looks
        if not asked:
            self._tell(self._put_on)

    def _put_on(self, mirror: Mirror, now: float) -> None:
        looks = self._wanted
        if not looks:
            return
        look = looks[0]
        if look.whole and look.style is not None:
            mirror.styling.pick(look.style, now)
            for axis, amount in look.adjusted.items():
                mirror.styling.adjust(axis, amount)
        else:
            engine = mirror.engines["shape"]
            if len(looks) > 1:
                look = surest(looks, mirror.book, engine)
            mirror.styling.wear(code_of(look, mirror.book, self.components, engine), look.name)
        if look.dye is not None:
            mirror.styling.choose_dye(look.dye, now)
        # Not `code`: what is blended with the own hair is worn as another one.
        self.worn, self.look = mirror.styling.settled(), look
        if self._wanted is looks:
            self._wanted = None
        else:  # another one was asked for meanwhile: before the next frame
            self._tell(self._put_on)
