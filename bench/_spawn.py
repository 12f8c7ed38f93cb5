"""Run a program; write its wall seconds, peak memory in GB and exit status to a file: _spawn.py FILE PROGRAM...

A process of its own, with nothing loaded: the kernel counts the memory of the process that starts a program as the
program's own peak, and a benchmark with tables in memory would spoil the figure.
"""

import os
import sys
import time

start = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - start
unit = 1 if sys.platform == "darwin" else 1024  # getrusage counts bytes on macOS, KiB on Linux
with open(sys.argv[1], "w") as report:
    report.write(f"{seconds} {usage.ru_maxrss * unit / 1e9} {os.waitstatus_to_exitcode(status)}")
