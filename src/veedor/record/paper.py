"""Receipts for people: one page to print, with a QR code; and one page that verifies receipts in a browser, offline."""

import json
from html import escape
from importlib.resources import files
from string import Template

import segno

from veedor.record.errors import MalformedError
from veedor.record.receipts import QR_BYTES, smaller_for_print
from veedor.record.verify import Policy, Receipt, parse_checkpoint, parse_note, parse_policy, parse_receipt


def printed_receipt(data: bytes, policy: Policy | None) -> str:
    """An HTML page with the receipt as a QR code. policy: whose signatures are kept where room is short."""
    receipt = parse_receipt(data)
    small = smaller_for_print(receipt, policy)
    if len(bytes(small)) > QR_BYTES:
        raise MalformedError(
            f"the receipt has {len(bytes(small))} bytes even without what a policy does not need; a QR"
            f" code holds {QR_BYTES}"
        )
    note = parse_note(small.checkpoint)
    checkpoint = parse_checkpoint(note.text)
    signers = [line.name for line in note.signatures if line.name != checkpoint.origin]
    code = segno.make(bytes(small), error="l", boost_error=False, micro=False)
    return _page("printed.html").substitute(
        origin=escape(checkpoint.origin),
        index=str(receipt.index),
        size=str(checkpoint.size),
        signers=escape(", ".join(signers)) or "—",
        code=code.svg_inline(border=4, omitsize=True),
        omitted=_omitted(receipt, small),
        entry=escape((receipt.extra or b"").decode("utf-8", "backslashreplace")),
    )


def verifying_page(policy: bytes) -> str:
    """A self-contained HTML page that verifies receipts under this policy (empty: the reader pastes one)."""
    if policy:
        parse_policy(policy)
    try:
        text = json.dumps(policy.decode("utf-8")).replace("<", "\\u003c")
    except UnicodeDecodeError:
        raise MalformedError("the policy is not UTF-8: a page cannot carry it") from None
    return _source("verify.html").replace("@POLICY@", text)


def _omitted(receipt: Receipt, small: Receipt) -> str:
    left_out = len(parse_note(receipt.checkpoint).signatures) - len(parse_note(small.checkpoint).signatures)
    if not left_out:
        return ""
    spanish = "1 firma que no cabe" if left_out == 1 else f"{left_out} firmas que no caben"
    english = "1 signature" if left_out == 1 else f"{left_out} signatures"
    return (
        f"<p>El código no lleva {spanish} en él; el archivo del recibo sí."
        f' <span lang="en">The code has no room for {english}; the receipt\'s file has.</span></p>'
    )


def _source(name: str) -> str:
    return (files("veedor.record") / "pages" / name).read_text("utf-8")


def _page(name: str) -> Template:
    return Template(_source(name))
