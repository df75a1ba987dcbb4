"""Hands, drawn: bones in space with flesh round them, so that the matte network knows a hand.

A hand is the commonest thing that stands before a head, and no portrait says where it ends. A flat outline in
skin colour looks like none: what tells a hand from a cheek are fingers side by side, each round, with a dark
line between them. So a skeleton (palm, four fingers of three bones, thumb, forearm) is bent and turned at
random and drawn with depth: each bone a capsule, the nearest one seen, lit from one side.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

# In widths of a palm, which is about 8 cm: lengths of the three bones of a middle finger, and of the thumb's.
_BONES, _THUMB = (0.52, 0.32, 0.26), (0.5, 0.42, 0.34)
# Of fore, middle, ring and little finger: where the knuckle is across and along, and length to the middle's.
_KNUCKLES = ((-0.36, 1.02), (-0.12, 1.08), (0.12, 1.03), (0.35, 0.92))
_LENGTHS = (0.92, 1.0, 0.94, 0.76)
_RADIUS, _TIP = 0.125, 0.09  # of a finger, at the knuckle and at the tip
_WRIST, _ARM = 0.3, 0.42  # radii of the wrist and, further on, of the forearm


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand as drawn.

    Attributes:
        alpha: uint8 (S, S).
        light: float32 (S, S), what its colour is multiplied by: round, creased, lit from one side.
        sleeve: bool (S, S), where it is cloth instead of skin.
        tip: where thumb and forefinger hold something, pixels (x, y).
        along: the way in which the fingers point in the picture, radians.
    """

    alpha: np.ndarray
    light: np.ndarray
    sleeve: np.ndarray
    tip: tuple[float, float]
    along: float


def draw_hand(side: int, rng: np.random.Generator) -> Hand:
    """A hand of any pose and turn, near a head in head space, and the arm that it comes with.

    Args:
        side: pixels of the square.

    Example:
        >>> hand = draw_hand(128, np.random.default_rng(1))
        >>> hand.alpha.shape, bool(hand.alpha.any())
        ((128, 128), True)
    """
    width = side * rng.uniform(0.14, 0.28)  # of the palm; a face is about 0.36 of the side wide
    # Round a head, mostly; the arm comes from below and from that side.
    if rng.random() < 0.75:
        turn, far = rng.uniform(-2.8, 2.8), rng.uniform(0.1, 0.42)
        centre = np.array([0.5 + far * np.sin(turn), 0.45 - far * np.cos(turn)])
    else:
        centre = np.array([rng.uniform(0.05, 0.95), rng.uniform(0.1, 0.98)])
    way = np.sign(centre[0] - 0.5) * -rng.uniform(0, 0.9) + rng.normal(0, 0.45)
    bones, radii, is_arm = _skeleton(rng)
    turned = bones @ _rotation(way, rng.uniform(-np.pi, np.pi), rng.normal(0, 0.45)).T
    mirrored = rng.choice((-1, 1))
    turned[..., 0] *= mirrored
    # The middle of the fingers and the palm is where it was said to be.
    middle = turned[~is_arm].reshape(-1, 3).mean(0)
    placed = (turned - middle) * width
    placed[..., :2] += centre * side
    depth, part = _rendered(placed, radii * width, side, is_arm)
    alpha, light = _lit(depth, side, width, rng)
    sleeve = part == 2
    tip = (placed[2, 1, :2] + placed[-2, 1, :2]) / 2
    along = placed[4, 1, :2] - placed[3, 0, :2]
    return Hand(alpha, light, sleeve, (float(tip[0]), float(tip[1])), float(np.arctan2(along[1], along[0])))


def _skeleton(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bones (N, 2, 3) of a bent hand: x across, y down, z to the eye; radii (N, 2); which are the arm."""
    bones, radii = [], []
    curl = rng.choice((rng.uniform(0, 0.25), rng.uniform(0.2, 0.8), rng.uniform(0.7, 1.5)))
    spread = rng.uniform(0, 0.16)
    stout = rng.uniform(0.85, 1.15)
    for i, ((x, y), length) in enumerate(zip(_KNUCKLES, _LENGTHS, strict=True)):
        bent = np.clip(curl + rng.normal(0, 0.15), -0.1, 1.7)
        at, swing = np.array([x, -y, 0.0]), (i - 1.5) * spread + rng.normal(0, 0.03)
        angle = 0.0
        for j, bone in enumerate(_BONES):
            angle += bent * (0.7, 1.0, 0.7)[j]
            step = np.array([np.sin(swing) * np.cos(angle), -np.cos(swing) * np.cos(angle), np.sin(angle)])
            end = at + step * bone * length
            bones.append((at, end))
            radii.append(np.interp((j, j + 1), (0, 3), (_RADIUS, _TIP)) * stout)
            at = end
    # Metacarpals and the flesh between them make the palm.
    for x, y in _KNUCKLES:
        bones.append((np.array([x * 0.55, 0.0, 0.0]), np.array([x * 0.97, -y, 0.0])))
        radii.append(np.array((0.2, 0.17)))
    # The forearm, bent at the wrist, and mostly a sleeve over it.
    bow, nod = rng.normal(0, 0.35), rng.normal(0, 0.4)
    arm = np.array([np.sin(bow) * np.cos(nod), np.cos(bow) * np.cos(nod), np.sin(nod)])
    wrist = np.array([0.0, 0.05, 0.0])
    bones.append((wrist, wrist + arm * 7))
    radii.append(np.array((_WRIST, _ARM * 1.15)))
    cuff = rng.uniform(0.2, 2.5) if rng.random() < 0.65 else 6.9
    bones.append((wrist + arm * cuff, wrist + arm * 7))
    radii.append(np.array((_WRIST + 0.1, _ARM * 1.5)) if cuff < 6 else np.array((0.01, 0.01)))
    # The thumb, out or against the forefinger.
    at, swing, angle = np.array([-0.3, -0.15, 0.1]), rng.uniform(-1.0, 0.1), rng.uniform(0, 0.8)
    for j, bone in enumerate(_THUMB):
        swing += 0.15 * j
        angle += rng.uniform(0, 0.3)
        step = np.array([np.sin(swing) * np.cos(angle), -np.cos(swing) * np.cos(angle), np.sin(angle)])
        end = at + step * bone
        bones.append((at, end))
        radii.append(np.interp((j, j + 1), (0, 3), (0.18, 0.115)) * stout)
        at = end
    is_arm = np.zeros(len(bones), bool)
    is_arm[16:18] = True
    return np.array(bones), np.array(radii), is_arm


def _rotation(way: float, roll: float, nod: float) -> np.ndarray:
    """About its own length by `roll`, towards the eye by `nod`, in the picture by `way`."""
    c, s = np.cos(roll), np.sin(roll)
    own = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    c, s = np.cos(nod), np.sin(nod)
    bow = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    c, s = np.cos(way), np.sin(way)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ bow @ own


def _rendered(
    bones: np.ndarray, radii: np.ndarray, side: int, is_arm: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Depth of the nearest bone's flesh, float32 (S, S), -inf where there is none; 1 skin, 2 sleeve."""
    depth = np.full((side, side), -np.inf, np.float32)
    part = np.zeros((side, side), np.uint8)
    last_arm = int(np.nonzero(is_arm)[0][-1])
    for n, ((start, end), (thick, thin)) in enumerate(zip(bones, radii, strict=True)):
        reach = max(thick, thin) + 1
        low = np.floor(np.minimum(start, end)[:2] - reach).astype(int).clip(0, side)
        high = np.ceil(np.maximum(start, end)[:2] + reach).astype(int).clip(0, side)
        if (high <= low).any():
            continue
        y, x = np.mgrid[low[1] : high[1], low[0] : high[0]].astype(np.float32)
        way = end - start
        along = ((x - start[0]) * way[0] + (y - start[1]) * way[1]) / max(way[0] ** 2 + way[1] ** 2, 1e-6)
        along = np.clip(along, 0, 1)
        radius = thick + (thin - thick) * along
        off = (x - start[0] - along * way[0]) ** 2 + (y - start[1] - along * way[1]) ** 2
        z = start[2] + along * way[2] + np.sqrt(np.maximum(radius**2 - off, 0))
        place = np.s_[low[1] : high[1], low[0] : high[0]]
        nearer = (off < radius**2) & (z > depth[place])
        depth[place][nearer] = z[nearer]
        part[place][nearer] = 2 if n == last_arm else 1
    return depth, part


def _lit(
    depth: np.ndarray, side: int, width: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Alpha, uint8, and light, float32, of flesh of a depth."""
    there = np.isfinite(depth)
    alpha = cv2.GaussianBlur(np.where(there, np.uint8(255), np.uint8(0)), (0, 0), side / 512)
    flat = np.where(there, depth, depth[there].min() if there.any() else 0).astype(np.float32)
    smooth = cv2.GaussianBlur(flat, (0, 0), max(0.6, width * 0.02))
    # The light: from above, mostly, and from either side.
    across, down = np.gradient(smooth)[1], np.gradient(smooth)[0]
    normal = 1 / np.sqrt(1 + across**2 + down**2)
    lamp = np.array([rng.normal(0, 0.5), rng.normal(-0.4, 0.4), 1.0])
    lamp /= np.linalg.norm(lamp)
    facing = (-across * lamp[0] - down * lamp[1] + lamp[2]) * normal
    light = 1 - rng.uniform(0.25, 0.75) * (1 - np.clip(facing, -0.3, 1))
    # What lies lower than its neighbours is in their shadow: the lines between fingers.
    lower = cv2.GaussianBlur(smooth, (0, 0), max(1.0, width * 0.06)) - smooth
    lower = np.where(there, lower, 0)
    light *= np.exp(-rng.uniform(1.5, 5) * np.clip(lower / width, 0, 0.3))
    return alpha, light.astype(np.float32)
