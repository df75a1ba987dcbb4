"""The kiosk's PIN is kept as a salted hash."""

from __future__ import annotations

import pytest

from mirror.core.errors import MirrorError
from mirror.settings import kiosk_pin


@pytest.mark.parametrize("digits", ["0314", "2593", "123456789013"])
def test_a_pin_matches_what_was_stored_for_it_and_no_other_does(digits):
    stored = kiosk_pin.make(digits)
    assert kiosk_pin.is_stored(stored) and kiosk_pin.matches(digits, stored)
    for other in ("", "1111", digits + "0", digits[:-1], f" {digits}", "\udc80", "é" * 4):
        assert not kiosk_pin.matches(other, stored)


def test_the_digits_are_not_in_it_and_the_salt_is_another_each_time():
    first, second = kiosk_pin.make("86420975"), kiosk_pin.make("86420975")
    assert first != second and "86420975" not in first
    assert first.startswith("scrypt$") and first.isascii() and not set(first) & set(" \"'\\\n")


@pytest.mark.parametrize("digits", ["", "123", "1234567890123", "12a4", "12 34", "١٢٣٤", "1234\n", "-123"])
def test_what_is_no_pin_is_refused_in_one_line(digits):
    assert kiosk_pin.problem(digits)
    with pytest.raises(MirrorError, match="4 to 12 digits") as refused:
        kiosk_pin.make(digits)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "digits",
    ["1234", "0000", "1111", "4321", "2468", "1357", "7890", "1212", "6969", "121212", "1122", "112233",
     "1221", "123321", "2580", "0852", "1984", "2001", "1004", "5683", "159753", "123456789012", "123123"],
)  # fmt: skip
def test_a_pin_that_many_people_try_first_is_refused(digits):
    assert "try first" in kiosk_pin.problem(digits)
    with pytest.raises(MirrorError, match="try first.*calibrate.py") as refused:
        kiosk_pin.make(digits)
    assert "\n" not in str(refused.value) and digits not in str(refused.value)


def test_of_four_digits_most_may_be_chosen():
    refused = [number for number in range(10_000) if kiosk_pin.problem(f"{number:04}")]
    assert 0.03 < len(refused) / 10_000 < 0.06


@pytest.mark.parametrize(
    "stored", ["", "1234", "scrypt$", "scrypt$14$8$1$00$00", "scrypt$30$8$1$" + "0" * 32 + "$" + "0" * 64]
)
def test_a_damaged_store_is_an_error_not_an_open_door(stored):
    assert not kiosk_pin.is_stored(stored)
    with pytest.raises(MirrorError, match="damaged"):
        kiosk_pin.matches("1234", stored)
    cut = kiosk_pin.make("2593")[:-1]
    with pytest.raises(MirrorError, match="damaged"):
        kiosk_pin.matches("1234", cut)


def test_the_comparison_takes_the_same_time_for_every_answer(monkeypatch):
    compared = []
    real = kiosk_pin.hmac.compare_digest
    monkeypatch.setattr(kiosk_pin.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or real(a, b))
    stored = kiosk_pin.make("2593")
    assert not kiosk_pin.matches("4321", stored) and kiosk_pin.matches("2593", stored)
    assert len(compared) == 2 and all(len(a) == len(b) == 32 for a, b in compared)
