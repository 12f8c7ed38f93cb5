"""Who said what, when; claims bound to findings, and conflicting accounts side by side."""
