"""Treatment course: how hair usually goes over a year, with a treatment and without, as plans to be shown.

An illustration of what is usual after a transplant: what was set falls out first, nothing is seen until the
third month or so, most has come by the ninth, and at twelve months it is not always all there. It predicts
nothing: whether and how much grows on this head nobody can tell from a picture.
"""

from __future__ import annotations

from dataclasses import replace

from mirror.hair.loss.loss_plan import LossPlan

MONTHS = (0, 3, 6, 9, 12)
# How much of what is to grow is there, and how much of the hair around it has fallen out for a time. After a
# transplant the set hairs are shed within two to eight weeks, the first fine ones come at three to four
# months and most at six to nine; results are judged at twelve to eighteen: what clinics tell their patients.
# The shares between are drawn evenly, and the one of the hair around is chosen so that it is seen: they are
# assumed, nobody measured them.
GROWN = (0.0, 0.08, 0.45, 0.75, 0.92)
_SHED = (0.0, 0.22, 0.08, 0.0, 0.0)
# How much of the hair on top is lost in a year without treatment: men on placebo had 13.0% fewer hairs after
# 192 weeks (Price and others, Journal of the American Academy of Dermatology 55, 2006).
A_YEAR = 0.13 * 52 / 192
# What medicine alone is told to bring, so that a picture of a transplant is not taken for it: 107 hairs more
# than on placebo after a year where there had been 876 (Kaufman and others, the same journal 39, 1998).
MEDICINE = 107 / 876


def goal_of(plan: LossPlan) -> LossPlan:
    """What a treatment is to bring: what grows of a plan; where nothing does, a full head."""
    goal = replace(plan, amount=max(plan.amount, 0.0), zones=tuple(max(one, 0.0) for one in plan.zones))
    return goal if goal.grows else replace(goal, amount=1.0)


def with_treatment(plan: LossPlan) -> tuple[LossPlan, ...]:
    """What is shown at each of `MONTHS`; the first is today."""
    goal = goal_of(plan)
    return tuple(replace(goal, grown=grown, shed=shed) for grown, shed in zip(GROWN, _SHED, strict=True))


def without_treatment() -> tuple[LossPlan, ...]:
    """The same without any: a few percent fewer hairs, which hardly anybody sees within a year."""
    return tuple(LossPlan(shed=A_YEAR * month / 12) for month in MONTHS)
