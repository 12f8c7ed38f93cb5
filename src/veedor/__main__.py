"""The program: `veedor`, or `python -P -m veedor`.

Without -P (or PYTHONSAFEPATH) `python -m` looks for modules in the current folder first: in a folder of somebody else's
files it would run a `veedor` there in the place of this package. The command `veedor` does not.
"""

import os
import sys


def leave_current_folder() -> None:
    """Import nothing more from the folder that somebody stands in: neither by `python -m` nor by an empty PYTHONPATH.

    Where this program itself or the interpreter's installation is the current folder, nothing is gained by it.
    """
    try:
        here = os.path.realpath(os.curdir)
    except OSError:  # it is gone: nothing can be imported from it
        return
    own = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    if here != own and not here.startswith(os.path.realpath(sys.prefix)):
        sys.path[:] = [place for place in sys.path if place and os.path.realpath(place) != here]


def main() -> None:
    """Run the command line; an interruption is quiet from the first moment on, while modules are loaded too."""
    try:
        leave_current_folder()
        from veedor.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("veedor: interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
