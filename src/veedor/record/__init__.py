"""Record: an append-only log of tally sheets that independent witnesses cosign. It knows bytes, not votes.

The formats are those of C2SP (signed-note, tlog-checkpoint, tlog-tiles, tlog-cosignature, tlog-witness, tlog-proof,
tlog-policy) and RFC 6962, so that nobody has to trust this software: `verify` alone checks a receipt.
"""
