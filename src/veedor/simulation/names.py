"""Names of places that exist nowhere. Some are awkward on purpose: a program that shows them must escape them."""

from collections.abc import Sequence

import numpy as np

from veedor.simulation.types import Ints

# ruff: noqa: SIM905
_STEMS = (
    "Alb Bran Cald Dor Esper Fal Gor Hal Indr Jarm Kel Lum Mard Nor Ostr Pell Quint Rav Sor Tald Umb Varn Welm Xim "
    "Yarl Zald Ñand Ómbr Ürs Åsk"
).split()
_ENDINGS = "ara edo inka olme uria ando éa imar osta undo aluz ibel orra ázar enka oria umo elva ístar ança".split()
_TOWNS = tuple(f"{stem}{ending}" for stem in _STEMS for ending in _ENDINGS)

_KINDS = ("Escuela", "Colegio", "Liceo", "Unidad Educativa", "Centro Cívico", "Biblioteca", "Coliseo", "Mercado")
_GIVEN = "Alma Bruno Celia Darío Elisa Fermín Greta Hugo Inés Julián Lía Mateo".split()
_FAMILY = "Aldana Brannoc Cárdel Dumara Echalar Fontán Guamara Huidor Ibáñez Jaramo Küster Lozana Mundaca Núñez".split()
_SCHOOLS = tuple(f"{kind} {given} {family}" for family in _FAMILY for kind in _KINDS for given in _GIVEN)

_LEVELS = 5
_POOLS: tuple[tuple[str, ...], ...] = (_TOWNS, _TOWNS, _TOWNS, _TOWNS, _SCHOOLS)

_AWKWARD: tuple[dict[int, str], ...] = (
    {1: "Ñandúmora"},
    {0: "Sal & Arena", 2: "Alto/Bajo"},
    {1: "San Telmo, Alto", 3: "Åsgrund-Łódka"},
    {0: 'Villa "La Paloma"', 2: "<b>Puerto Nuevo</b>", 4: "Null", 5: "O'Brannoc"},
    {0: "Escuela «Ó Súilleabháin»", 1: 'Colegio "Luz, Paz & Pan" <nocturno>', 6: "Liceo 東雲 N° 7"},
)
"""For each level, broadest first: the names that the first few places get whatever the seed."""


def place_names(rng: np.random.Generator, level: int, parent: Ints, rank: Ints) -> list[str]:
    """Names of one level's places; siblings have different names, cousins may share one.

    level: 0 is the broadest. parent: int[place], the place above. rank: int[place], 0, 1, ... among its siblings.
    """
    pool = _POOLS[level]
    start = rng.integers(0, len(pool), size=int(parent.max()) + 1)
    step = 37  # shares no factor with the sizes of the pools, so that siblings run through the whole pool
    assert np.gcd(step, len(pool)) == 1
    index = (start[parent] + step * rank) % len(pool)
    names = [pool[i] for i in index]
    for place in np.flatnonzero(rank >= len(pool)):
        names[place] = f"{names[place]} {rank[place] // len(pool) + 1}"
    _put_awkward(names, _AWKWARD[level])
    return names


def _put_awkward(names: list[str], awkward: dict[int, str]) -> None:
    for place, name in awkward.items():
        if place < len(names):
            names[place] = name


def awkward_names() -> Sequence[str]:
    """All awkward names, for tests of whatever shows them."""
    return [name for level in _AWKWARD for name in level.values()]


assert len(_POOLS) == len(_AWKWARD) == _LEVELS
