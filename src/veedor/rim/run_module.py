"""Runs `main()` of one module of veedor: started by its path with `python -I`, see `process`.

python -I run_module.py MODULE [ARGUMENT...]
"""

import importlib
import sys
from pathlib import Path


def main() -> None:
    """Find this very program's folder, last of all places, and run the module named."""
    name, *arguments = sys.argv[1:]
    # After the interpreter's own places: nothing that lies beside veedor can take the place of a library.
    sys.path.append(str(Path(__file__).resolve().parent.parent.parent))
    sys.argv = [name, *arguments]
    importlib.import_module(name).main()


if __name__ == "__main__":
    main()
