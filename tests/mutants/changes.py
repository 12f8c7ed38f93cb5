"""Small changes to a module's source, each one place of its syntax tree with the exact bytes that are replaced.

Left alone: texts, annotations, imports, decorators, `if TYPE_CHECKING`, what stands inside f-strings, `zip(strict=)`.
"""

import ast
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "//"),
    ast.Pow: ("**", "*"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}
OTHER_CALL = {"min": "max", "max": "min", "any": "all", "all": "any"}
TEXTS = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp)
REMOVED: dict[type[ast.stmt], str] = {ast.Raise: "raise", ast.Continue: "continue", ast.Break: "break"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One replacement. start, end: bytes of the source; after: what stands there instead.

    lines: first and last line of the statement (of its head, where it has a body), which some test must run.
    function: qualified name and line of the outermost function around it; None where importing the module runs it.
    """

    kind: str
    start: int
    end: int
    after: str
    line: int
    lines: tuple[int, int]
    function: tuple[str, int] | None

    def applied(self, source: bytes) -> bytes:
        """The source with the change."""
        return source[: self.start] + self.after.encode() + source[self.end :]

    def shown(self, source: bytes) -> str:
        """The changed code in its line, with what replaces it."""
        head = source[: self.start].rpartition(b"\n")[2].decode().lstrip()
        tail = source[self.end :].partition(b"\n")[0].decode()
        old = " ⏎ ".join(line.strip() for line in source[self.start : self.end].decode().splitlines())
        old = old if len(old) <= 160 else old[:159] + "…"
        return f"[{self.kind}] `{head}⟦{old}⟧{tail}` -> `{self.after}`"


def sample(source: bytes, each: int, seed: str) -> list[Change]:
    """`each` of the changes to a source, in the order drawn; a larger sample begins with the smaller one."""
    found = changes_of(source)
    random.Random(seed).shuffle(found)
    return found[:each]


def changes_of(source: bytes) -> list[Change]:
    """Every change to a source, in its order; only those that Python can read and that are another program."""
    tree = ast.parse(source)
    original = ast.dump(tree)
    found = []
    for change in sorted(_Changes(source).of(tree), key=lambda one: (one.start, one.end, one.kind, one.after)):
        try:
            if ast.dump(ast.parse(change.applied(source))) != original:
                found.append(change)
        except (SyntaxError, ValueError):
            continue
    return found


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where the walk is: lines of the statement, and the outermost function."""

    lines: tuple[int, int] = (1, 1)
    function: tuple[str, int] | None = None
    names: tuple[str, ...] = ()


class _Changes:
    """Walks a tree and gives the changes of each node."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        lengths = [len(line) for line in source.splitlines(keepends=True)]
        self.starts = [0]
        for length in lengths:
            self.starts.append(self.starts[-1] + length)

    def of(self, tree: ast.Module) -> Iterator[Change]:
        yield from self._body(tree.body, _Place())

    def _span(self, first: ast.AST, last: ast.AST | None = None) -> tuple[int, int]:
        last = last or first
        start = self.starts[first.lineno - 1] + first.col_offset  # type: ignore[attr-defined]
        return start, self.starts[last.end_lineno - 1] + last.end_col_offset  # type: ignore[attr-defined]

    def _text(self, node: ast.AST) -> str:
        start, end = self._span(node)
        return f"({self.source[start:end].decode()})"

    def _change(self, kind: str, node: ast.AST, after: str, place: _Place, last: ast.AST | None = None) -> Change:
        start, end = self._span(node, last)
        line = node.lineno  # type: ignore[attr-defined]
        return Change(
            kind=kind, start=start, end=end, after=after, line=line, lines=place.lines, function=place.function
        )

    # --- statements ---------------------------------------------------------------------------------------------------

    def _body(self, body: Sequence[ast.stmt], place: _Place) -> Iterator[Change]:
        for node in body:
            yield from self._statement(node, place)

    def _statement(self, node: ast.stmt, place: _Place) -> Iterator[Change]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from self._definition(node, place)
            return
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert) or _only_for_types(node):
            return
        own = _Place(lines=(node.lineno, _last_line_of_head(node)), function=place.function, names=place.names)
        yield from self._of_statement(node, own)
        for name, part in ast.iter_fields(node):
            if name == "annotation":
                continue
            for child in part if isinstance(part, list) else [part]:
                if isinstance(child, ast.stmt):
                    yield from self._statement(child, place)
                elif isinstance(child, ast.AST):
                    yield from self._expression(child, own)

    def _definition(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, place: _Place
    ) -> Iterator[Change]:
        names = (*place.names, node.name)
        if isinstance(node, ast.ClassDef):
            yield from self._body(node.body, _Place(function=place.function, names=names))
            return
        here = _Place(lines=(node.lineno, node.body[0].lineno - 1), function=place.function, names=place.names)
        for default in [*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]:
            yield from self._expression(default, here)
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        yield from self._body(node.body, _Place(function=place.function or (".".join(names), first), names=names))

    def _of_statement(self, node: ast.stmt, place: _Place) -> Iterator[Change]:
        if isinstance(node, ast.Return) and node.value is not None:
            for other in ("None", "0"):
                yield self._change(f"return {other}", node, f"return {other}", place)
        elif isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
            sign = ARITHMETIC[type(node.op)][1]
            after = f"{self._text(node.target)[1:-1]} {sign}= {self._text(node.value)}"
            yield self._change("arithmetic", node, after, place)
        elif type(node) in REMOVED:
            yield self._change(f"remove {REMOVED[type(node)]}", node, "pass", place)
        elif isinstance(node, ast.If):
            yield self._change("if never", node.test, "False", place)
            yield self._change("if always", node.test, "True", place)
            if not all(isinstance(one, ast.Pass) for one in node.body):
                yield self._change("drop body of if", node.body[0], "pass", place, node.body[-1])
        elif isinstance(node, ast.While):
            yield self._change("while never", node.test, "False", place)
        elif isinstance(node, ast.Match):
            for case in node.cases:
                if case.guard is not None:
                    yield self._change("case guard always", case.guard, "True", place)
        if _acts(node):
            yield self._change("remove statement", node, "pass", place)

    # --- expressions --------------------------------------------------------------------------------------------------

    def _expression(self, node: ast.AST, place: _Place) -> Iterator[Change]:
        if isinstance(node, ast.JoinedStr):
            return
        if isinstance(node, ast.match_case):
            if node.guard is not None:
                yield from self._expression(node.guard, place)
            yield from self._body(node.body, place)
            return
        if isinstance(node, ast.excepthandler):
            yield from self._body(node.body, place)  # type: ignore[attr-defined]
            return
        if isinstance(node, ast.pattern):
            return
        yield from self._of_expression(node, place)
        zipped = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "zip"
        for child in ast.iter_child_nodes(node):
            if not (zipped and isinstance(child, ast.keyword)) and not isinstance(child, ast.arguments):
                yield from self._expression(child, place)

    def _of_expression(self, node: ast.AST, place: _Place) -> Iterator[Change]:
        if isinstance(node, ast.Compare):
            yield from self._compare(node, place)
        elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
            if not any(_is_text(part) for part in (node.left, node.right)):
                sign, other = ARITHMETIC[type(node.op)]
                after = f"({self._text(node.left)} {other} {self._text(node.right)})"
                yield self._change(f"arithmetic {sign} -> {other}", node, after, place)
        elif isinstance(node, ast.BoolOp):
            yield from self._bool(node, place)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield self._change("not removed", node, self._text(node.operand), place)
        elif isinstance(node, ast.Constant):
            yield from self._constant(node, place)
        elif isinstance(node, ast.IfExp):
            yield self._change("if-else: first", node, self._text(node.body), place)
            yield self._change("if-else: second", node, self._text(node.orelse), place)
        elif isinstance(node, ast.Slice):
            for name, bound in (("lower", node.lower), ("upper", node.upper)):
                if bound is not None and not isinstance(bound, ast.Constant):
                    for sign in "+-":
                        yield self._change(f"slice {name} {sign}1", bound, f"{self._text(bound)} {sign} 1", place)
        elif isinstance(node, ast.comprehension):
            for one in node.ifs:
                yield self._change("filter dropped", one, "True", place)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OTHER_CALL:
            other = OTHER_CALL[node.func.id]
            yield self._change(f"{node.func.id} -> {other}", node.func, other, place)

    def _compare(self, node: ast.Compare, place: _Place) -> Iterator[Change]:
        operands = [self._text(part) for part in (node.left, *node.comparators)]
        signs = [COMPARISONS[type(op)][0] for op in node.ops]
        for index, op in enumerate(node.ops):
            for other in COMPARISONS[type(op)][1]:
                changed = [*signs[:index], other, *signs[index + 1 :]]
                parts = [operands[0]]
                for sign, operand in zip(changed, operands[1:], strict=True):
                    parts += [sign, operand]
                yield self._change(f"compare {signs[index]} -> {other}", node, f"({' '.join(parts)})", place)

    def _bool(self, node: ast.BoolOp, place: _Place) -> Iterator[Change]:
        word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        operands = [self._text(part) for part in node.values]
        yield self._change(f"{word} -> {other}", node, f"({f' {other} '.join(operands)})", place)
        for index in range(len(operands)):
            kept = [one for number, one in enumerate(operands) if number != index]
            yield self._change(f"operand {index} of {word} dropped", node, f"({f' {word} '.join(kept)})", place)

    def _constant(self, node: ast.Constant, place: _Place) -> Iterator[Change]:
        value = node.value
        if isinstance(value, bool):
            yield self._change("True/False", node, str(not value), place)
        elif isinstance(value, int):
            yield self._change("constant + 1", node, f"({value + 1})", place)
            yield self._change("constant - 1", node, f"({value - 1})", place)
        elif isinstance(value, float):
            yield self._change("constant x 2", node, f"({2 * value if value else 1.0})", place)


def _acts(node: ast.stmt) -> bool:
    """A statement that changes something that is there already: a call, or a value put into a place of something."""
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant | ast.Yield)
    if isinstance(node, ast.Assign):
        return isinstance(node.targets[0], ast.Subscript | ast.Attribute)
    return isinstance(node, ast.AugAssign)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, TEXTS) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _only_for_types(node: ast.stmt) -> bool:
    """`if TYPE_CHECKING:`."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _last_line_of_head(node: ast.stmt) -> int:
    """The last line before a statement's own body; of a statement without one, its last."""
    heads: list[ast.expr | None] = []
    if isinstance(node, ast.If | ast.While):
        heads = [node.test]
    elif isinstance(node, ast.For | ast.AsyncFor):
        heads = [node.iter]
    elif isinstance(node, ast.With | ast.AsyncWith):
        heads = [item.optional_vars or item.context_expr for item in node.items]
    elif isinstance(node, ast.Match):
        heads = [node.subject, *(case.guard for case in node.cases)]
    elif isinstance(node, ast.Try):
        return node.lineno
    lines = [head.end_lineno for head in heads if head is not None and head.end_lineno is not None]
    return max(lines, default=node.end_lineno or node.lineno)
