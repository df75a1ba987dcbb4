"""Treatment course: how hair usually goes over a year, with a treatment and without, as plans to be shown.

An illustration of what is usual after a transplant: what was set falls out first, nothing is seen until the
third month or so, most has come by the ninth, and at twelve months it is not always all there. It predicts
nothing: whether and how much grows on this head nobody can tell from a picture.
"""

from __future__ import annotations

from dataclasses import replace

from mirror.hair.loss.loss_plan import LossPlan

MONTHS = (0, 3, 6, 9, 12)
# How much of what is to grow is there, and how much of the hair right beside it has fallen out for a time.
# After a transplant the set hairs are shed within two to eight weeks, the first fine ones come at three to
# four months and most at six to nine; results are judged at twelve to eighteen: what clinics tell their
# patients, and that of the hair that was there about a tenth is shed and comes back within months. The shares
# between are drawn evenly; the one that is shed falls off from the edge and is a tenth on the average of what
# lies beside it: how it is spread is assumed, nobody measured it.
GROWN = (0.0, 0.08, 0.45, 0.75, 0.92)
_SHED = (0.0, 0.35, 0.12, 0.0, 0.0)
# How many hairs are lost in a year without treatment: men on placebo had 13.0% fewer after 192 weeks, and
# these weighed 24.5% less, for those that are left become thin (Price and others, Journal of the American
# Academy of Dermatology 55, 2006). It is the weight that is seen. That more of it goes where the next stage
# has lost it is assumed.
A_YEAR, WEIGHT_A_YEAR = 0.13 * 52 / 192, 0.245 * 52 / 192
# What medicine alone is told to bring, so that a picture of a transplant is not taken for it: 107 hairs more
# than on placebo after a year where there had been 876 (Kaufman and others, the same journal 39, 1998).
MEDICINE = 107 / 876


def goal_of(plan: LossPlan) -> LossPlan:
    """What a treatment is to bring: what grows of a plan; where nothing does, all that the stage that is
    shown has taken; where none is, a full head."""
    if plan.grows:
        return plan
    return replace(plan, back=1.0) if plan.loses else replace(plan, amount=1.0)


def start_of(plan: LossPlan) -> LossPlan | None:
    """What a course begins with: the hair at the stage that is shown; None: the hair of today."""
    return with_treatment(plan)[0] if plan.loses else None


def with_treatment(plan: LossPlan) -> tuple[LossPlan, ...]:
    """What is shown at each of `MONTHS`; the first is today, or the stage that is shown."""
    goal = goal_of(plan)
    return tuple(
        # The first fine hairs are seen on bare skin, not as long ones.
        replace(goal, grown=grown, back=goal.back * max(grown - GROWN[1], 0) / (1 - GROWN[1]), shed=shed)
        for grown, shed in zip(GROWN, _SHED, strict=True)
    )


def without_treatment(plan: LossPlan) -> tuple[LossPlan, ...]:
    """The same without any: a few percent less of the hair on top. Who has lost nothing keeps all of it."""
    kept = replace(plan, amount=min(plan.amount, 0.0), zones=tuple(min(one, 0.0) for one in plan.zones))
    return tuple(replace(kept, line=None, shed=WEIGHT_A_YEAR * month / 12) for month in MONTHS)
