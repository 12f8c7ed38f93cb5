"""The kinds by name. Strengths of `remote` are such that slopes over the count are about Bolivia 2019's."""

from veedor.errors import VeedorError
from veedor.simulation.kinds.kind import Kind

SIX = (0.42, 0.35, 0.1, 0.06, 0.04, 0.03)
TWELVE = (0.3, 0.24, 0.12, 0.09, 0.07, 0.05, 0.04, 0.03, 0.02, 0.02, 0.01, 0.01)
FAR_VOTES, FAR_LATE = 0.25, 0.75

KINDS: dict[str, Kind] = {
    "any-order": Kind(
        about={"en": "Sheets arrive in any order.", "es": "Las actas llegan en cualquier orden."},
        place_late=(0.0, 0.0, 0.0),
        sheet_late=1.0,
    ),
    "places-late": Kind(
        about={
            "en": "Whole places arrive together, whatever they vote; six choices, polling places of very unequal size.",
            "es": "Lugares enteros llegan juntos, voten como voten; seis opciones, recintos de tamaño muy desigual.",
        },
        shares=SIX,
        unequal=1.1,
        place_late=(0.3, 0.6, 0.8),
        sheet_late=0.4,
    ),
    "remote-late": Kind(
        about={
            "en": "Remote places vote more for the first choice and arrive late.",
            "es": "Los lugares remotos votan más por la primera opción y llegan tarde.",
        },
        remote_votes=FAR_VOTES,
        remote_late=FAR_LATE,
    ),
    "remote-early-stop": Kind(
        about={
            "en": "The same with two choices, and a stop at 55 % of the sheets.",
            "es": "Lo mismo con dos opciones, y un alto con el 55 % de las actas.",
        },
        shares=(0.53, 0.47),
        stop_after=0.55,
        remote_votes=FAR_VOTES,
        remote_late=FAR_LATE,
    ),
    "remote-few": Kind(
        about={
            "en": "Only the remotest fifth of places votes differently and late.",
            "es": "Sólo el quinto más remoto de los lugares vota distinto y tarde.",
        },
        remote_shape="threshold",
        remote_votes=FAR_VOTES,
        remote_late=FAR_LATE,
    ),
    "remote-tail": Kind(
        about={
            "en": "Most places are near, a few are very remote; those vote differently and late.",
            "es": "La mayoría de los lugares está cerca, unos pocos muy lejos; éstos votan distinto y tarde.",
        },
        remote_shape="exponential",
        remote_votes=FAR_VOTES,
        remote_late=FAR_LATE,
    ),
    "regions-late": Kind(
        about={"en": "Whole regions arrive late.", "es": "Regiones enteras llegan tarde."},
        concentration=(25.0, 40.0, 60.0),
        place_late=(1.2, 0.3, 0.4),
    ),
    "urban-first": Kind(
        about={
            "en": "Towns arrive before the country and vote more for the second choice.",
            "es": "Las ciudades llegan antes que el campo y votan más por la segunda opción.",
        },
        stations_per=(120.0, 45.0, 9.0, 6.5),
        concentration=(60.0, 60.0, 60.0, 80.0, 80.0),
        remote_levels=(0.2, 0.2, 0.2, 0.2, 0.2),
        place_late=(0.2, 0.2, 0.2, 0.2, 0.4),
        urban_late=0.9,
        urban_votes=-0.22,
    ),
    "time-zones": Kind(
        about={
            "en": "Polls close an hour later from one band of regions to the next.",
            "es": "Las mesas cierran una hora más tarde de una franja de regiones a la siguiente.",
        },
        regions=16,
        concentration=(25.0, 40.0, 60.0),
        zones=4,
        zone_late=0.8,
    ),
    "many-parties": Kind(
        about={"en": "Twelve choices, scattered places.", "es": "Doce opciones, lugares dispersos."},
        shares=TWELVE,
        concentration=(40.0, 30.0, 40.0),
        remote_votes=FAR_VOTES,
        remote_late=FAR_LATE,
    ),
    "overdispersed": Kind(
        about={
            "en": "Sheets of one polling place differ far more than chance.",
            "es": "Las actas de un recinto difieren mucho más que por azar.",
        },
        sheet_concentration=25.0,
        remote_votes=0.12,
        remote_late=0.5,
    ),
    "strongholds": Kind(
        about={
            "en": "A third of the towns is wholly one side's.",
            "es": "Un tercio de las ciudades es enteramente de un lado.",
        },
        strongholds=0.35,
        place_late=(0.3, 0.6, 0.5),
    ),
    "turnout-tied": Kind(
        about={
            "en": "Turnout rises with the first choice's share; remote places are late.",
            "es": "La participación crece con la primera opción; los lugares remotos llegan tarde.",
        },
        turnout=0.65,
        turnout_support=2.0,
        remote_votes=FAR_VOTES,
        remote_late=FAR_LATE,
    ),
    "unequal-rolls": Kind(
        about={"en": "Rolls of very unequal size.", "es": "Padrones de tamaño muy desigual."},
        rolls=1.3,
        unequal=1.1,
        remote_votes=0.12,
        remote_late=0.5,
    ),
    "two-levels": Kind(
        about={
            "en": "Regions and polling places only, two choices.",
            "es": "Sólo regiones y recintos, dos opciones.",
        },
        stations_per=(8.0,),
        shares=(0.52, 0.48),
        concentration=(60.0, 25.0),
        remote_levels=(0.3, 0.7),
        place_late=(0.2, 0.5),
        remote_votes=FAR_VOTES,
        remote_late=FAR_LATE,
    ),
    "stop-early": Kind(
        about={"en": "A stop at 30 % of the sheets.", "es": "Un alto con el 30 % de las actas."},
        stop_after=0.3,
        remote_votes=0.12,
        remote_late=0.5,
    ),
    "stop-late": Kind(
        about={"en": "A stop at 95 % of the sheets.", "es": "Un alto con el 95 % de las actas."},
        stop_after=0.95,
        remote_votes=FAR_VOTES,
        remote_late=FAR_LATE,
    ),
}


def kind_named(name: str) -> Kind:
    """The kind of that name; an unknown one is an error that lists them."""
    if name not in KINDS:
        raise VeedorError(f"no kind {name!r}; there are {', '.join(KINDS)}")
    return KINDS[name]
