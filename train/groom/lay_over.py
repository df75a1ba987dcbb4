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

from train.groom.lights import GROUPS, Light, add_light
from train.groom.passes import enlarged
from train.groom.people import Sitter
from train.groom.renderer import Layers

# How bright a white card before a well exposed face is, linear; and how far darker faces pull it down: people
# with dark skin stand in the same light, so only the cube root of their face's brightness counts.
CARD, USUAL_FACE, PULL = 0.85, 0.33, 0.3
# Weights that a face says little about are drawn to a soft light from the front and above.
USUAL = {"left": 0.18, "right": 0.18, "front": 0.32, "top": 0.18, "back": 0.05, "dome": 0.30}
DRAW = 0.25
# Skin and clothes throw light back at what hair shades, more than the bare head does: faces between long hair
# came out too dark on the people looked at with the shadow as it was rendered.
SHADOW = 0.6
REC709 = np.array([0.2126, 0.7152, 0.0722], np.float32)


def to_linear(picture: np.ndarray) -> np.ndarray:
    """uint8 sRGB to float32 linear, 0 to 1."""
    coded = picture.astype(np.float32) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4).astype(np.float32)


def to_srgb(linear: np.ndarray) -> np.ndarray:
    """float linear to uint8 sRGB."""
    linear = np.clip(linear, 0, 1)
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return (coded * 255 + 0.5).astype(np.uint8)


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


def lay_over(sitter: Sitter, layers: Layers, light: Light, seed: int = 0) -> LaidOver:
    """Lays hair that was rendered on a sitter's fitted head over the sitter.

    Args:
        layers: with front, behind and shadow, of the portrait's size.
        light: see `estimate_light`.
        seed: of the grain.
    """
    front, behind = _lit(layers, light)
    front, behind = (_as_sharp(one, sitter) for one in (front, behind))
    alpha, back = np.clip(front[..., 3:], 0, 1), np.clip(behind[..., 3:], 0, 1)
    beneath = _beneath(sitter)
    person = sitter.person[..., None]
    shadow = np.ones_like(front[..., :3])
    if layers.shadow_lights:
        lit, full = (
            add_light({name: pair[k] for name, pair in layers.shadow_lights.items()}, light) for k in (0, 1)
        )
        shadow = np.clip(lit / np.maximum(full, 1e-4), 0.0, 1.0) ** SHADOW
        shadow = enlarged(shadow, (front.shape[1], front.shape[0]))
        shadow = cv2.GaussianBlur(shadow, (0, 0), 1.5)
    below = to_linear(beneath)
    on_wall = behind[..., :3] + (1 - back) * below
    below = person * below * (1 - person * (1 - shadow)) + (1 - person) * on_wall
    finished = front[..., :3] + (1 - alpha) * below
    held = cv2.GaussianBlur(sitter.front, (0, 0), 1)[..., None]
    finished = held * to_linear(sitter.picture) + (1 - held) * finished
    picture = to_srgb(finished)
    picture = _grained(picture, np.maximum(alpha, back * (1 - person))[..., 0], sitter, seed)
    touched = (picture != sitter.picture).any(-1)
    cover = np.clip((alpha + (1 - alpha) * back * (1 - person)) * (1 - held), 0, 1)[..., 0]
    return LaidOver(picture, cover.astype(np.float32), beneath, touched)


def _lit(layers: Layers, light: Light) -> tuple[np.ndarray, np.ndarray]:
    front = np.concatenate([add_light(layers.lights, light), layers.front[..., 3:]], -1)
    if layers.whole is None or not layers.behind_lights:
        return front, np.zeros_like(front)
    more = layers.whole[..., 3:] - layers.front[..., 3:]
    return front, np.concatenate([add_light(layers.behind_lights, light), np.clip(more, 0, 1)], -1)


def _beneath(sitter: Sitter) -> np.ndarray:
    """The camera's picture, and the bald one only where old hair was.

    On the wall that is wherever the mirror took something away, for a matte's faintest rim shows there; on
    the face only where the matte sees hair, for skin that is seen is better than any that is made.
    """
    old = cv2.dilate(sitter.hair, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7)))
    old = np.clip(cv2.GaussianBlur(old, (0, 0), 1.2) * 1.4, 0, 1)
    changed = np.abs(sitter.bald.astype(np.int16) - sitter.picture).max(-1) > 2
    beside = cv2.dilate(changed.astype(np.float32), np.ones((5, 5))) * (1 - sitter.person)
    old = np.maximum(old, cv2.GaussianBlur(beside, (0, 0), 1.0))
    mixed = sitter.bald * old[..., None] + sitter.picture * (1 - old[..., None])
    return np.where(old[..., None] > 0, np.round(mixed), sitter.picture).astype(np.uint8)


def _as_sharp(layer: np.ndarray, sitter: Sitter) -> np.ndarray:
    """A render is sharper than a camera: half a pixel of its optics and sensor, more where it was
    enlarged.
    """
    sigma = 0.45 * max(1.0, sitter.enlarged)
    return cv2.GaussianBlur(layer, (0, 0), sigma)


def _grained(picture: np.ndarray, cover: np.ndarray, sitter: Sitter, seed: int) -> np.ndarray:
    """The noise of the photograph's skin, on what was rendered."""
    grey = cv2.cvtColor(sitter.picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 1.2)
    skin = fine[sitter.face_map() > 0.5]
    sigma = 1.4826 * float(np.median(np.abs(skin))) if len(skin) > 200 else 1.0
    noise = np.random.default_rng(seed).standard_normal(grey.shape).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 0.6)
    noise = noise / noise.std() * min(sigma, 4.0) * cover
    out = np.clip(picture + noise[..., None], 0, 255)
    return np.where(cover[..., None] > 0, np.round(out), picture).astype(np.uint8)
