"""Keys: encrypted at rest, readable only with the passphrase, never repeated in any text."""

import json
import os
from pathlib import Path

import pytest

from veedor.record.errors import LogError, MalformedError, NotVerifiedError
from veedor.record.keys import (
    SigningKey,
    format_private_key,
    load_key,
    new_key,
    parse_private_key,
    save_key,
    secret_from_descriptor,
)
from veedor.record.verify import COSIGNATURE, ED25519, ML_DSA_44, parse_key, to_base64

PASSPHRASE = "four words nobody knows"


@pytest.mark.slow
@pytest.mark.parametrize("key_type", [ED25519, COSIGNATURE, ML_DSA_44])
def test_a_key_comes_back_with_its_passphrase_only(tmp_path: Path, key_type: int) -> None:
    key, file = new_key("oea.example/testigo", key_type), tmp_path / "key"
    save_key(key, file, PASSPHRASE)
    assert load_key(file, PASSPHRASE) == key
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    assert to_base64(key.seed) not in text
    assert key.seed.hex() not in text
    assert parse_key(json.loads(text)["vkey"]) == key.public
    with pytest.raises(NotVerifiedError, match="passphrase"):
        load_key(file, PASSPHRASE + "!")


def test_no_text_repeats_the_seed(tmp_path: Path) -> None:
    key = new_key("a", ED25519)
    secret = format_private_key(key)
    seed = secret.split("+", 4)[4]
    for broken in (secret[:-8], secret.replace("+a+", "+b+"), secret + "A", "PRIVATE+KEY+" + seed):
        with pytest.raises(MalformedError) as caught:
            parse_private_key(broken)
        assert seed[:20] not in str(caught.value)
    assert seed[:20] not in repr(key)
    assert repr(key.seed) not in repr(key)


def test_a_key_is_never_overwritten_and_needs_a_real_passphrase(tmp_path: Path) -> None:
    key, file = new_key("a", ED25519), tmp_path / "key"
    with pytest.raises(MalformedError, match="fewer than 8"):
        save_key(key, file, "short")
    save_key(key, file, PASSPHRASE)
    with pytest.raises(LogError, match="never overwritten"):
        save_key(key, file, PASSPHRASE)


@pytest.mark.slow
def test_an_altered_key_file_is_not_taken(tmp_path: Path) -> None:
    key, file = new_key("a", ED25519), tmp_path / "key"
    save_key(key, file, PASSPHRASE)
    content = json.loads(file.read_text())
    other = str(new_key("a", ED25519).public)
    for change in ({"vkey": other}, {"salt": to_base64(bytes(16))}, {"encrypted_seed": to_base64(bytes(48))}):
        file.write_text(json.dumps({**content, **change}))
        with pytest.raises(NotVerifiedError):
            load_key(file, PASSPHRASE)
    hostile: list[dict[str, object]] = [{"scrypt": {"n": 2**40, "r": 8, "p": 1}}, {"scrypt": 3}, {"nonce": "AA=="}]
    for harm in hostile:
        file.write_text(json.dumps({**content, **harm}))
        with pytest.raises(MalformedError):
            load_key(file, PASSPHRASE)
    with pytest.raises(LogError, match="is not there"):
        load_key(tmp_path / "absent", PASSPHRASE)


def test_the_text_is_that_of_go_s_note_package() -> None:
    """golang/mod sumdb/note/note_test.go: the private key beside PeterNeumann's public one."""
    text = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    key = parse_private_key(text)
    assert str(key.public) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert format_private_key(key) == text


def test_secrets_come_over_a_file_descriptor() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"a passphrase\nand more\n")
    os.close(writing)
    assert secret_from_descriptor(reading) == "a passphrase"
    with pytest.raises(LogError, match="file descriptor"):
        secret_from_descriptor(reading)


def test_a_seed_gives_the_key_of_rfc_8032() -> None:
    """RFC 8032, section 7.1, test 1."""
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert SigningKey(name="a", type=ED25519, seed=seed).public.public.hex() == public
