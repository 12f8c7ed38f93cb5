"""The arithmetic of a seed, word for word as the module's head states it."""

from hashlib import sha256

import pytest

from veedor.draw.seed import check_digits, check_secret, commitment, joint_seed
from veedor.errors import VeedorError

SECRET = "a" * 32


def test_a_commitment_is_the_hash_of_what_it_is_about_the_party_and_the_secret() -> None:
    assert commitment("plan", "reds", SECRET) == sha256(b"veedor/commit/1\0plan\0reds\0" + SECRET.encode()).hexdigest()
    assert len({commitment(*words) for words in (("plan", "reds", SECRET), ("planr", "eds", SECRET))}) == 2


def test_the_joint_seed_takes_the_secrets_in_the_order_of_the_ids() -> None:
    wanted = sha256(b"veedor/seed/1\0" + b"first\0" + b"second\0").hexdigest()
    assert joint_seed({"b": "second", "a": "first"}) == wanted
    assert joint_seed({"a": "second", "b": "first"}) != wanted


@pytest.mark.parametrize("digits", ["1234", "12345x", "", "١٢٣٤٥", "11111", "1234 "])
def test_digits_that_were_not_rolled_as_agreed_are_refused(digits: str) -> None:
    with pytest.raises(VeedorError):
        check_digits(digits, 5)


def test_digits_as_agreed_are_taken() -> None:
    check_digits("10432", 5)


@pytest.mark.parametrize("secret", ["a" * 31, "a" * 1001, "a" * 31 + " ", "a" * 31 + "é", "a" * 31 + "\n"])
def test_a_secret_that_could_be_guessed_or_misread_is_refused(secret: str) -> None:
    with pytest.raises(VeedorError, match="32 to 1000 printable characters"):
        check_secret(secret)


def test_a_secret_of_32_characters_is_taken() -> None:
    check_secret(SECRET)
