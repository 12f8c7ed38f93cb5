"""The program: `veedor`, or `python -P -m veedor`.

Without -P (or PYTHONSAFEPATH) `python -m` looks for modules in the current folder first: in a folder of somebody else's
files it would run them, this module's own package included. The command `veedor` does not.
"""

import sys


def main() -> None:
    """Run the command line; an interruption is quiet from the first moment on, while modules are loaded too."""
    try:
        from veedor.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("veedor: interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
