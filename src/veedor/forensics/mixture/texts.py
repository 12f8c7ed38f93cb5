"""What always stands beside the mixture's figures."""

from collections.abc import Mapping

from veedor.finding import Text

STATES: Mapping[str, Text] = {
    "none": Text("none", "ninguno"),
    "incremental": Text("incremental", "incremental"),
    "extreme": Text("extreme", "extremo"),
}
TITLE = Text("Mixture of three states (eforensics)", "Mezcla de tres estados (eforensics)")
EXPECTED: Mapping[str, Text] = {
    "qbl": Text(
        "No fraction is expected. Before any station is seen, the model's prior itself puts 48 % of the stations "
        "outside state none (mean of state none: 52.3 %). Neither incremental nor extreme can have a larger "
        "fraction than none.",
        "No se espera ninguna fracción. Antes de ver una sola mesa, la distribución previa del modelo ya pone el 48 % "
        "de las mesas fuera del estado ninguno (media del estado ninguno: 52,3 %). Ni el incremental ni el "
        "extremo pueden tener una fracción mayor que el ninguno.",
    ),
    "rn": Text(
        "No fraction is expected. Before any station is seen, this variant's prior itself puts two thirds of the "
        "stations outside state none.",
        "No se espera ninguna fracción. Antes de ver una sola mesa, la distribución previa de esta variante ya pone "
        "dos tercios de las mesas fuera del estado ninguno.",
    ),
}
OTHER = Text(
    "An electorate with two kinds of stations, for instance rural and urban: the leader's share and what is moved from "
    "others enter the model only together, so the second kind reads as votes moved. Stations that differ more than "
    "the model's effects allow. Mass moves between the states none and incremental. The authors' own word: what the "
    "model calls frauds may or may not be results of malfeasance, and strategic voting produces them too.",
    "Un electorado con dos tipos de mesas, por ejemplo rurales y urbanas: el porcentaje del primero y lo que se "
    "traslada de otros solo entran juntos en el modelo, así que el segundo tipo se lee como votos trasladados. Mesas "
    "que difieren más de lo que permiten los efectos del modelo. La masa pasa del estado ninguno al incremental. "
    "Palabra de los propios autores: lo que el modelo llama fraudes puede ser o no resultado de conductas indebidas, "
    "y el voto estratégico también los produce.",
)
CANNOT = Text(
    "Whether any vote was moved: the states are names of the model's components, not of deeds. Which station was "
    "affected: a station's chance of a state is as good as the model's shape of an electorate.",
    "Si se trasladó algún voto: los estados son nombres de los componentes del modelo, no de hechos. Qué mesa fue "
    "afectada: la probabilidad de un estado en una mesa vale lo que vale la forma de electorado del modelo.",
)
CHANGED: Mapping[str, Text] = {
    "qbl": Text(
        "A changed model: the shares moved are the stations' own means, not counts drawn with them; states and effects "
        "are integrated out by quadrature.",
        "Un modelo cambiado: las partes trasladadas son las medias propias de cada mesa, no cuentas sorteadas con "
        "ellas; los estados y efectos se integran por cuadratura.",
    ),
    "bl": Text(
        "A changed model: intercepts are N(0, 1), and the counts moved are summed by a Gauss rule.",
        "Un modelo cambiado: los interceptos son N(0, 1) y las cuentas trasladadas se suman con una regla de Gauss.",
    ),
    "rn": Text(
        "A changed model: the means of what is moved keep to (0, k) and (k, 1), as in the package's first version; the "
        "station's share moved is integrated out by quadrature.",
        "Un modelo cambiado: las medias de lo trasladado quedan en (0, k) y (k, 1), como en la primera versión del "
        "paquete; la parte trasladada de cada mesa se integra por cuadratura.",
    ),
}
FIGURE_NAMES: Mapping[str, Text] = {
    "turnout_mean": Text("mean turnout", "participación media"),
    "turnout_sd": Text("spread of turnout", "dispersión de la participación"),
    "share_mean": Text("mean share", "porcentaje medio"),
    "share_sd": Text("spread of the share", "dispersión del porcentaje"),
    "correlation": Text("correlation of turnout and share", "correlación de participación y porcentaje"),
    "full_turnout": Text("stations with full turnout", "mesas con participación total"),
    "unanimous": Text("unanimous stations", "mesas unánimes"),
}
"""Of an election, that elections drawn from the fitted model are compared with."""
NOT_RUN = Text(
    "This model takes minutes of computing and is not run for these pages; the command below runs it. Where its chains "
    "do not agree it prints no fractions.",
    "Este modelo requiere minutos de cálculo y no se ejecuta para estas páginas; la orden de abajo lo ejecuta. Donde "
    "sus cadenas no coinciden no imprime fracciones.",
)
SOURCE = (
    "Ferrari, McAlister and Mebane, eforensics (R package); Mebane (2019), Evidence Against Fraudulent Votes Being "
    "Decisive in the Bolivia 2019 Election"
)
