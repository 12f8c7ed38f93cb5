"""Runs `main()` of one module of veedor: started by its path with `python -I`, see `process`.

python -I run_module.py MODULE [ARGUMENT...]
"""

import importlib
import importlib.util
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent


def main() -> None:
    """Load the package that this very file belongs to, whatever else bears its name, and run the module named."""
    name, *arguments = sys.argv[1:]
    # After the interpreter's own places: nothing that lies beside veedor can take the place of a library.
    sys.path.append(str(HOME.parent))
    _load_this_veedor()
    sys.argv = [name, *arguments]
    importlib.import_module(name).main()


def _load_this_veedor() -> None:
    """Two states of the program may be installed; a report and its helper must be one and the same."""
    spec = importlib.util.spec_from_file_location(
        HOME.name, HOME / "__init__.py", submodule_search_locations=[str(HOME)]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[HOME.name] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    main()
