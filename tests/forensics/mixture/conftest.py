"""What JAX compiles is kept between tests, processes and runs: compiling takes longer than most of what is tested."""

import os

from tests.conftest import ROOT

os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(ROOT / ".pytest_cache" / "compiled"))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.3")
