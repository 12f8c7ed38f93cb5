"""Every published or independently computed value in shared/vectors/audit that this room can answer.

What is not answered is listed in NOT_ANSWERED with the reason, and the last test sees to it that nothing is forgotten.
"""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from veedor.audit import bravo, supersimple
from veedor.audit.assertion import Assertion
from veedor.audit.batch import macro
from veedor.audit.martingale import (
    Bet,
    Null,
    adaptive,
    alternative,
    capped,
    fixed,
    p_values,
    risk,
    shrink_truncate,
    wealth,
)
from veedor.audit.planning import ballot_comparison_draws
from veedor.audit.sampling import consistent_sampler
from veedor.finding import Text
