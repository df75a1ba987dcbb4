"""Grown hair laid over a person: light taken from their face, depth order, their own edge, the camera's
grain.

Only two kinds of pixels are touched: where new hair lies or throws shadow, and where old hair lay that new
hair does not cover.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.optimize import nnls

from mirror.hair.tone_curves import ToneCurves, follow_tones
from train.groom.beneath import beneath, carried_out, hidden_ears
from train.groom.contrast import bands, contrast, follow
from train.groom.head import Head
from train.groom.lights import GROUPS, Light, add_light
from train.groom.passes import enlarged
from train.groom.people import Sitter
from train.groom.renderer import Layers
from train.groom.scene_light import scene_light
from train.groom.tones import REC709, to_linear, to_srgb

# How bright a white card before a well exposed face is, linear; and how far darker faces pull it down: people
# with dark skin stand in the same light, so only the cube root of their face's brightness counts.
CARD, USUAL_FACE, PULL = 0.85, 0.33, 0.3
# Weights that a face says little about are drawn to a soft light from the front and above.
USUAL = {"left": 0.18, "right": 0.18, "front": 0.32, "top": 0.18, "back": 0.05, "dome": 0.30}
DRAW = 0.25
# No room is without light from there: it is what hair shines with.
LEAST = {"top": 0.15, "back": 0.12, "dome": 0.12}
# Skin and clothes throw light back at what hair shades, more than the bare head does: faces between long hair
# came out too dark on the people looked at with the shadow as it was rendered.
SHADOW = 0.6
# Of that light, so much is left in the darkest shade: skin and clothes throw it from one to the other.
LEFT = 0.15
# Nobody sees a fiftieth of the light go: such skin stays the camera's to the bit.
SEEN = 0.98
# Scalp between roots has no such light: from this to that mean alpha of the hair round it (`BETWEEN` pixels)
# shade is as it was rendered. Lighter scalps shone through dark crops and made them brown.
ROOTED, BETWEEN = (0.5, 0.9), 3.0
# Of lens and sensor, sigma in pixels of the photograph.
OPTICS = 0.45
# Small photographs were sharpened when they were made small.
SHARPENED = 0.6
IRISES = 468, 473


def estimate_light(sitter: Sitter, layers: Layers, albedo: float) -> Light:
    """The light that a face is in, as weights and tints of the light groups.

    The fitted head without hair was rendered in each group alone: the weights are the least squares fit, none
    negative, of those pictures' low frequencies to the face's.

    Args:
        layers: with `shadow_lights`, of the fitted head.
        albedo: luminance of that head's skin, 0 to 1.
    """
    face = (sitter.face_map() > 0.5) & (sitter.inside > 0.5)
    height, width = layers.front.shape[:2]
    bare = {
        name: cv2.GaussianBlur(enlarged(pair[1], (width, height)), (0, 0), 6)
        for name, pair in layers.shadow_lights.items()
    }
    seen = cv2.GaussianBlur(to_linear(sitter.picture), (0, 0), 6)
    face &= np.isfinite(seen).all(-1) & (bare["dome"] @ REC709 > 1e-3)
    if face.sum() < 200:
        return Light(USUAL, {})
    columns = np.stack([(bare[name] @ REC709)[face] for name in GROUPS], 1)
    wanted = (seen @ REC709)[face]
    usual = np.array([USUAL[name] for name in GROUPS])
    level = wanted.mean() / (columns @ usual).mean()
    pull = DRAW * np.linalg.norm(columns) / np.sqrt(len(GROUPS))
    weights, _ = nnls(
        np.vstack([columns, pull * np.eye(len(GROUPS))]), np.concatenate([wanted, pull * usual * level])
    )
    # What shines from above and from behind a face shows little of, and hair most.
    weights = np.maximum(weights, level * np.array([LEAST.get(name, 0.0) for name in GROUPS]))
    weights = weights * _card(float(wanted.mean())) * albedo / max(float((columns @ weights).mean()), 1e-6)
    tint = _tint(seen[face].mean(0))
    return Light(dict(zip(GROUPS, weights.tolist(), strict=True)), dict.fromkeys(GROUPS, tint))


def card_of(skin: np.ndarray) -> np.ndarray:
    """How bright a white card would be beside a face, linear float64 (3,).

    Args:
        skin: mean linear colour of the face, (3,).
    """
    return _card(float(skin @ REC709)) * np.array(_tint(skin))


def _card(face: float) -> float:
    """What skin a person has is not known, so the card is what is usual, pulled by the face's brightness."""
    return CARD * (face / USUAL_FACE) ** PULL


def _tint(skin: np.ndarray) -> tuple[float, float, float]:
    """Of the light: a third of how far skin is from skin's usual colour, for skin differs, too."""
    usual = np.array([1.32, 0.95, 0.72])
    ratio = (skin / max(float(skin @ REC709), 1e-4)) / usual
    red, green, blue = np.clip(ratio, 0.6, 1.6) ** 0.33
    return float(red), float(green), float(blue)


@dataclass(frozen=True)
class OwnHair:
    """What of a person's own hair is kept or followed.

    Attributes:
        roots, lengths: float32 (H, W), 0 to 1: what stays the camera's, see `own_roots` and `own_lengths`;
            the lengths stay beneath new hair, the roots before it.
        tones: that new hair is brought to; None: it keeps its own.
    """

    roots: np.ndarray
    lengths: np.ndarray
    tones: ToneCurves | None = None


@dataclass(frozen=True)
class LaidOver:
    """A finished picture and its truth.

    Attributes:
        picture: uint8 (H, W, 3) sRGB.
        alpha: float32 (H, W) of the new hair.
        beneath: uint8 (H, W, 3): the same person without it.
        touched: bool (H, W): pixels that are not the camera's.
    """

    picture: np.ndarray
    alpha: np.ndarray
    beneath: np.ndarray
    touched: np.ndarray


def lay_over(
    sitter: Sitter, layers: Layers, light: Light, seed: int = 0, own: OwnHair | None = None
) -> LaidOver:
    """Lays hair that was rendered on a sitter's fitted head over the sitter.

    Args:
        layers: with front, behind and shadow, of the portrait's size.
        light: see `estimate_light`.
        seed: of the grain.
        own: what of the person's own hair is kept or followed; None: nothing.
    """
    front, behind = _lit(layers, light)
    if own is not None and own.tones is not None:
        # Before the tones: brights have the colour of the light that makes them so, where it falls.
        front, behind = _in_scene_light(sitter, front, behind)
        front, behind = follow_tones((front, behind), own.tones)
    there = np.ascontiguousarray(sitter.hair * (sitter.inside > 0.5), np.float32)
    usual = contrast(bands(to_linear(sitter.picture), there), there)
    front, behind = (follow(_sampled(one, sitter.enlarged), usual) for one in (front, behind))
    alpha, back = np.clip(front[..., 3:], 0, 1), np.clip(behind[..., 3:], 0, 1)
    bare = beneath(sitter, None if own is None else own.lengths)
    person = sitter.person[..., None] * (1 - hidden_ears(sitter, alpha[..., 0])[..., None])
    shadow = np.ones_like(front[..., :3])
    if layers.shadow_lights:
        lit, full = (
            add_light({name: pair[k] for name, pair in layers.shadow_lights.items()}, light) for k in (0, 1)
        )
        shade = np.clip(lit / np.maximum(full, 1e-4), 0.0, 1.0)
        shade = cv2.GaussianBlur(enlarged(shade, (front.shape[1], front.shape[0])), (0, 0), 1.5)
        around = cv2.GaussianBlur(alpha, (0, 0), BETWEEN)[..., None]
        rooted = np.clip((around - ROOTED[0]) / (ROOTED[1] - ROOTED[0]), 0, 1)
        thrown = LEFT + (1 - LEFT) * np.clip(shade, 0, 1) ** SHADOW
        shadow = np.minimum((thrown + rooted * (shade - thrown)) / SEEN, 1)
    below = to_linear(bare.picture)
    on_wall = behind[..., :3] + (1 - back) * below
    # The wall that shone through a person's edge is behind hair now.
    below = below + back * (carried_out(below, sitter.person) - below)
    below = person * below * (1 - person * (1 - shadow)) + (1 - person) * on_wall
    finished = front[..., :3] + (1 - alpha) * below
    held = cv2.GaussianBlur(sitter.front, (0, 0), 1)[..., None]
    if own is not None:
        held = np.maximum(held, own.roots[..., None])
    finished = held * to_linear(sitter.picture) + (1 - held) * finished
    new = np.maximum(alpha, back * (1 - person))[..., 0] * (1 - held[..., 0])
    # Walls are mostly out of focus and as smooth as they were made; skin is not.
    rough = np.maximum(new, bare.made * sitter.person)
    picture = _grained(_as_colourful(to_srgb(finished), new), rough, sitter, seed)
    touched = (picture != sitter.picture).any(-1)
    cover = np.clip((alpha + (1 - alpha) * back * (1 - person)) * (1 - held), 0, 1)[..., 0]
    return LaidOver(picture, cover.astype(np.float32), bare.picture, touched)


def lay_in_own_light(
    sitter: Sitter, layers: Layers, head: Head, seed: int = 0, own: OwnHair | None = None
) -> LaidOver:
    """Lays hair over a sitter in the light of their face.

    Args:
        layers: with shadow and lights. head: what they were rendered on. seed: of the grain.
        own: as `lay_over` takes it.
    """
    albedo = float(np.array(head.skin) @ REC709)
    return lay_over(sitter, layers, estimate_light(sitter, layers, albedo), seed, own)


def _in_scene_light(sitter: Sitter, front: np.ndarray, behind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hair bright and dark where own hair is."""
    apart = float(np.linalg.norm(np.subtract(*sitter.landmarks[list(IRISES), :2])))
    own = (sitter.hair * (sitter.inside > 0.5)).astype(np.float32)
    factor = scene_light(front, to_linear(sitter.picture).astype(np.float32), own, apart)
    if factor is None:
        return front, behind
    lit = np.concatenate([np.repeat(factor[..., None], 3, -1), np.ones_like(factor)[..., None]], -1)
    return front * lit, behind * lit


def _lit(layers: Layers, light: Light) -> tuple[np.ndarray, np.ndarray]:
    front = np.concatenate([add_light(layers.lights, light), layers.front[..., 3:]], -1)
    if layers.whole is None or not layers.behind_lights:
        return front, np.zeros_like(front)
    more = layers.whole[..., 3:] - layers.front[..., 3:]
    return front, np.concatenate([add_light(layers.behind_lights, light), np.clip(more, 0, 1)], -1)


def _sampled(layer: np.ndarray, enlarged: float) -> np.ndarray:
    """As the camera would have seen it: blurred by its optics, and with no more pixels than it had there.

    Args:
        layer: float32 (H, W, 4), premultiplied.
        enlarged: pixels of the portrait a pixel of the photograph.
    """
    height, width = layer.shape[:2]
    layer = cv2.GaussianBlur(layer, (0, 0), OPTICS * max(1.0, enlarged) ** 0.5)
    if enlarged <= 1:
        return layer
    few = max(1, round(width / enlarged)), max(1, round(height / enlarged))
    # As portraits themselves are enlarged.
    more = cv2.resize(
        cv2.resize(layer, few, interpolation=cv2.INTER_AREA), (width, height), interpolation=cv2.INTER_CUBIC
    )
    more += SHARPENED * (more - cv2.GaussianBlur(more, (0, 0), 0.7 * enlarged))
    alpha = np.clip(more[..., 3:], 0, 1)
    return np.concatenate([np.maximum(more[..., :3], 0), alpha], -1)


def _as_colourful(picture: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """Cameras see colour at half their sharpness, and files keep it so: of hair, too."""
    coded = cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb)
    soft = coded.copy()
    soft[..., 1:] = cv2.GaussianBlur(coded, (0, 0), 1.3)[..., 1:]
    soft = cv2.cvtColor(soft, cv2.COLOR_YCrCb2RGB)
    mixed = np.round(picture + (soft.astype(np.float32) - picture) * cover[..., None])
    return np.where(cover[..., None] > 0.01, mixed, picture).astype(np.uint8)


def _grained(picture: np.ndarray, cover: np.ndarray, sitter: Sitter, seed: int) -> np.ndarray:
    """The noise of the photograph's skin, on what was rendered."""
    grey = cv2.cvtColor(sitter.picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 1.2)
    skin = fine[sitter.face_map() > 0.5]
    sigma = 1.4826 * float(np.median(np.abs(skin))) if len(skin) > 200 else 1.0
    noise = np.random.default_rng(seed).standard_normal(grey.shape).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 0.6 * max(1.0, sitter.enlarged))
    noise = noise / noise.std() * min(sigma, 4.0) * cover
    out = np.clip(picture + noise[..., None], 0, 255)
    return np.where(cover[..., None] > 0, np.round(out), picture).astype(np.uint8)
