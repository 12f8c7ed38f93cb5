"""A command with many options: its help lists them under headings, also where nothing is drawn as a panel."""

from typing import TYPE_CHECKING

from typer.core import TyperCommand

if TYPE_CHECKING:  # typer has its own copy of click's classes
    from typer._click import Context, HelpFormatter

ARGUMENTS, OPTIONS = "Arguments", "Options"


class CommandWithHeadings(TyperCommand):
    """Lists each option under the `rich_help_panel` that it names; those that name none come last."""

    def format_options(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write arguments and options, heading by heading in the order of the parameters."""
        listed: dict[str, list[tuple[str, str]]] = {ARGUMENTS: []}
        others: list[tuple[str, str]] = []
        for parameter in self.get_params(ctx):
            row = parameter.get_help_record(ctx)
            if row is None:
                continue
            if parameter.param_type_name == "argument":
                listed[ARGUMENTS].append(row)
            elif heading := getattr(parameter, "rich_help_panel", None):
                listed.setdefault(heading, []).append(row)
            else:
                others.append(row)
        for heading, rows in [*listed.items(), (OPTIONS, others)]:
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)
