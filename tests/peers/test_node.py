"""ML-DSA-44: @noble/post-quantum under Node.js verifies our cosignatures, and we verify the ones it makes."""

import json
import subprocess
from pathlib import Path
from shutil import copy, which
from typing import Any

import pytest

from tests.record.world import LOG_KEY_PQ, WITNESSES, checkpoint_of, entries
from veedor.record.verify import ML_DSA_44, Key, NotVerifiedError, Signature, signed_message, verify_signature

VERSION = "0.5.2"
TIME = 1_571_616_000


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where Node.js finds the package; skips where npm cannot bring it."""
    if which("node") is None or which("npm") is None:
        pytest.skip("needs Node.js and npm")
    made = tmp_path_factory.mktemp("node")
    (made / "package.json").write_text('{"private": true, "type": "module"}')
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", f"@noble/post-quantum@{VERSION}"]
    done = subprocess.run(command, cwd=made, capture_output=True, text=True, check=False, timeout=240)
    if done.returncode != 0:
        pytest.skip(f"npm cannot bring @noble/post-quantum: {done.stderr.splitlines()[-1:]}")
    copy(Path(__file__).with_name("verify.mjs"), made)
    return made


@pytest.mark.slow
def test_each_verifies_what_the_other_signs(folder: Path) -> None:
    text = str(checkpoint_of(entries(1000)))
    signers = (WITNESSES["partido"], LOG_KEY_PQ)
    cases: list[dict[str, str]] = []
    for signer in signers:
        signature = signer.sign(text, TIME).value[8:].hex()
        message = signed_message(ML_DSA_44, signer.name, text, TIME).hex()
        later = signed_message(ML_DSA_44, signer.name, text, TIME + 1).hex()
        other = signed_message(ML_DSA_44, signer.name + "x", text, TIME).hex()
        public = signer.public.public.hex()
        cases += [{"public": public, "message": one, "signature": signature} for one in (message, later, other)]
    seed = bytes(range(32))
    name = "noble.example/witness"
    theirs = signed_message(ML_DSA_44, name, text, TIME)
    given: dict[str, Any] = {"cases": cases, "seed": seed.hex(), "message": theirs.hex()}
    done = subprocess.run(
        ["node", "verify.mjs"], input=json.dumps(given), cwd=folder, capture_output=True, text=True, check=True
    )
    said = json.loads(done.stdout)
    assert said["verified"] == [True, False, False] * 2

    key = Key(name=name, type=ML_DSA_44, public=bytes.fromhex(said["public"]))
    value = TIME.to_bytes(8, "big") + bytes.fromhex(said["signature"])
    assert verify_signature(key, text, Signature(name=name, key_id=key.id, value=value)) == TIME
    spoiled = value[:-1] + bytes([value[-1] ^ 1])
    with pytest.raises(NotVerifiedError):
        verify_signature(key, text, Signature(name=name, key_id=key.id, value=spoiled))
