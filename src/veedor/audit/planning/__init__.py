"""How much work an audit of this outcome is, and the draft of its plan."""
