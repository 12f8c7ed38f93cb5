"""Spreadsheets (XLSX, XLS, ODS) through calamine, after a look at what it would not tell.

calamine gives a formula's last value, and nothing for a formula that was never calculated or an error such as #REF!.
So that neither passes for a figure or an empty cell, both are looked for in the XML of XLSX and ODS files, and are
faults in the columns that are read. XLS is a binary format: there a formula's last value is taken, and an error is an
empty cell.
"""

import io
from collections.abc import Callable, Sequence
from operator import itemgetter

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, WorksheetNotFound

from veedor.election import Layout
from veedor.errors import Fault, InputError
from veedor.sheets.cells import frame_of
from veedor.sheets.plan import Plan, nearest
from veedor.sheets.rows import Rows
from veedor.sheets.workbook_xml import suspicious_cells

PlanFor = Callable[[Sequence[str]], Plan]


def read_workbook(data: bytes, layout: Layout, file: str, plan_for: PlanFor) -> tuple[Plan, Rows]:
    """The rows of one worksheet; numbers stay numbers. Rows without any cell are skipped."""
    suspicious = suspicious_cells(data, layout.sheet, file)
    try:
        sheet = _sheet(data, layout.sheet, file)
        rows = sheet.to_python()
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":  # calamine's own, which has no name that can be imported
            raise
        raise _unreadable(file, problem) from problem
    first_row, first_column = sheet.start or (0, 0)
    header_index = layout.header_row - 1 - first_row
    if not 0 <= header_index < len(rows):
        found = f"cells in the rows {first_row + 1} to {first_row + len(rows)}" if rows else "an empty worksheet"
        raise InputError([Fault(file=file, row=layout.header_row, found=found, wanted="the header in this row")])
    plan = plan_for(["" if cell is None else _name(cell) for cell in rows[header_index]])
    body = rows[header_index + 1 :]
    numbers = range(layout.header_row + 1, layout.header_row + 1 + len(body))
    indices = {name: index for index, name in enumerate(plan.header)}
    columns = [(name, list(map(itemgetter(indices[name]), body))) for name in plan.needed]
    faults = [
        Fault(
            file=file,
            row=cell.row,
            column=plan.header[cell.column - first_column],
            found=cell.found,
            wanted="a value",
            remedy=cell.remedy,
        )
        for cell in suspicious
        if cell.row > layout.header_row and _is_needed(plan, cell.column - first_column)
    ]
    return plan, Rows(
        file=file, cells=frame_of(columns, numbers, plan.coordinates, layout.decimal), cell_faults=tuple(faults)
    )


def _sheet(data: bytes, name: str | None, file: str) -> CalamineSheet:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = workbook.sheet_names
        if name is not None and name not in names:
            stripped = [known for known in names if known.strip() == name.strip()]
            if len(stripped) != 1:
                raise _no_sheet(file, name, names)
            name = stripped[0]
        return workbook.get_sheet_by_name(name) if name is not None else workbook.get_sheet_by_index(0)
    except PasswordError as problem:
        fault = Fault(
            file=file, found="a workbook that needs a password", wanted="one without", remedy="save it without"
        )
        raise InputError([fault]) from problem
    except WorksheetNotFound as problem:
        raise InputError([Fault(file=file, found="a workbook without worksheets", wanted="a worksheet")]) from problem
    except (CalamineError, OSError, ValueError) as problem:
        raise _unreadable(file, problem) from problem


def _unreadable(file: str, problem: BaseException) -> InputError:
    found = f"not readable as a spreadsheet ({problem})"
    return InputError(
        [Fault(file=file, found=found, wanted="a whole XLSX, XLS or ODS file", remedy="download it again")]
    )


def _no_sheet(file: str, name: str, names: Sequence[str]) -> InputError:
    found = f"the worksheets {', '.join(repr(known) for known in names)}"
    return InputError([Fault(file=file, found=found, wanted=f"a worksheet '{name}'", remedy=nearest(name, names))])


def _name(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _is_needed(plan: Plan, index: int) -> bool:
    return 0 <= index < len(plan.header) and plan.header[index] in plan.needed
