"""Elections of other kinds than the demo's: the same arrays, drawn by another model whose dials are a table."""

from veedor.simulation.kinds.drawing import draw_kind
from veedor.simulation.kinds.kind import Kind
from veedor.simulation.kinds.table import KINDS, kind_named

__all__ = ["KINDS", "Kind", "draw_kind", "kind_named"]
