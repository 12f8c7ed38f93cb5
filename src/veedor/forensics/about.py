"""What stands beside each method's figure: what it expects, what else produces it, what it cannot show, its source."""

from collections.abc import Mapping
from dataclasses import dataclass

from veedor.finding import Text


@dataclass(frozen=True, kw_only=True)
class About:
    """digits: decimals of the statistic in sentences; needs: why a method would not apply."""

    title: Text
    statistic: Text
    expected: Text
    other: Text
    cannot: Text
    needs: Text
    source: str | Text
    digits: int = 0


DIGIT_LIMITS = Text(
    "Which counts were changed, or whether any was; switching or stuffing that keeps the digits' pattern.",
    "Qué cifras se cambiaron, ni si alguna se cambió; traslados o añadidos de votos que conservan el patrón de los "
    "dígitos.",
)

ABOUT: Mapping[str, About] = {
    "second_digit": About(
        title=Text("Second digits of the leader's votes", "Segundos dígitos de los votos del primero"),
        statistic=Text("mean second digit", "media del segundo dígito"),
        expected=Text(
            "Benford's law: a mean of 4.187. It assumes counts that spread over several powers of ten.",
            "Ley de Benford: una media de 4,187. Supone cifras repartidas en varias potencias de diez.",
        ),
        other=Text(
            "Stations of similar size: their counts have the digits of that size. Deckert, Myagkov and Ordeshook "
            "(2011) found the test no better than a coin toss; Mebane (2011) answers that 4.187 is the wrong "
            "expectation without the voters' strategies.",
            "Mesas de tamaño parecido: sus cifras tienen los dígitos de ese tamaño. Deckert, Myagkov y Ordeshook "
            "(2011) hallaron que la prueba no supera a echar una moneda al aire; Mebane (2011) responde que 4,187 es "
            "la expectativa equivocada si no se conocen las estrategias de los votantes.",
        ),
        cannot=DIGIT_LIMITS,
        needs=Text("It needs 100 counts of at least two digits.", "Necesita 100 cifras de al menos dos dígitos."),
        source="Mebane (2006), Election Forensics: The Second-digit Benford's Law Test",
        digits=3,
    ),
    "last_digit": About(
        title=Text("Last digits of the leader's votes", "Últimos dígitos de los votos del primero"),
        statistic=Text("mean last digit", "media del último dígito"),
        expected=Text(
            "Each last digit equally often, mean 4.5, in counts of at least three digits; p by chi-square.",
            "Cada último dígito con igual frecuencia, media 4,5, en cifras de al menos tres dígitos; p de ji cuadrado.",
        ),
        other=Text(
            "Counts just above 100 or close to the stations' largest size favour low digits.",
            "Las cifras apenas superiores a 100 o cercanas al tamaño máximo de las mesas favorecen los dígitos bajos.",
        ),
        cannot=DIGIT_LIMITS,
        needs=Text(
            "Counts have fewer than three digits: it needs 100 counts of 100 or more.",
            "Las cifras tienen menos de tres dígitos: necesita 100 cifras de 100 o más.",
        ),
        source="Beber and Scacco (2012), What the Numbers Say, Political Analysis 20",
        digits=3,
    ),
    "integer_percentages": About(
        title=Text("Whole-number percentages", "Porcentajes enteros"),
        statistic=Text(
            "stations on a whole percentage beyond expectation",
            "mesas en un porcentaje entero por encima de lo esperado",
        ),
        expected=Text(
            "As many stations within 0.05 of a whole percentage of turnout or of the leader's result as binomial "
            "redraws at each station's own proportions give; stations of 100 or more registered voters, both at most "
            "99 per cent.",
            "Tantas mesas a menos de 0,05 de un porcentaje entero de participación o de resultado del primero como dan "
            "los sorteos binomiales con las proporciones de cada mesa; mesas de 100 o más inscritos, ambos de a lo "
            "sumo 99 por ciento.",
        ),
        other=Text(
            "Stations with few distinct sizes, and results rounded when they were typed.",
            "Mesas con pocos tamaños distintos y resultados redondeados al transcribirlos.",
        ),
        cannot=Text(
            "Stuffing or switching that does not aim at round percentages; why a percentage is round.",
            "Añadidos o traslados que no buscan porcentajes redondos; por qué un porcentaje es redondo.",
        ),
        needs=Text(
            "It needs 100 stations of at least 100 registered voters.",
            "Necesita 100 mesas de al menos 100 inscritos.",
        ),
        source="Kobak, Shpilkin and Pshenichnikov (2016), Annals of Applied Statistics 10",
        digits=1,
    ),
    "klimek": About(
        title=Text("Fingerprint and the model of Klimek et al.", "Huella y el modelo de Klimek y otros"),
        statistic=Text(
            "share of stations that the model counts as changed", "proporción de mesas que el modelo da por cambiadas"
        ),
        expected=Text(
            "0: turnout and the leader's share are each normal across stations and independent of each other. The "
            "model is fitted by maximum likelihood; it gives no figure where it does not describe the stations, where "
            "the fit ends at an edge, or where the fractions are not identified.",
            "0: la participación y el porcentaje del primero son normales entre mesas e independientes entre sí. El "
            "modelo se ajusta por máxima verosimilitud; no da cifra donde no describe las mesas, donde el ajuste "
            "termina en un borde o donde las fracciones no están identificadas.",
        ),
        other=Text(
            "An electorate of two or more kinds: places that both turn out more and prefer the leader look like "
            "incremental stations, small unanimous places like extreme ones. Mebane and Kalinin's variants give "
            "fractions up to 16 times smaller for the same Russian elections.",
            "Un electorado de dos o más clases: los lugares que votan más y prefieren al primero parecen mesas "
            "incrementales; los lugares pequeños y unánimes, extremas. Las variantes de Mebane y Kalinin dan "
            "fracciones hasta 16 veces menores para las mismas elecciones rusas.",
        ),
        cannot=Text(
            "Which stations were changed, or whether any was: it describes the shape of a cloud of points.",
            "Qué mesas se cambiaron, ni si alguna se cambió: describe la forma de una nube de puntos.",
        ),
        needs=Text("It needs 500 stations with a roll.", "Necesita 500 mesas con padrón."),
        source="Klimek, Yegorov, Hanel and Thurner (2012), PNAS 109",
        digits=4,
    ),
    "turnout_and_share": About(
        title=Text("Turnout and the leader's share", "Participación y porcentaje del primero"),
        statistic=Text(
            "slope of the leader's votes per registered voter on turnout, minus the mean share",
            "pendiente de los votos del primero por inscrito según la participación, menos el porcentaje medio",
        ),
        expected=Text(
            "0: each further voter votes like the others. It assumes that places with high turnout vote like those "
            "with low turnout.",
            "0: cada votante adicional vota como los demás. Supone que los lugares de alta participación votan como "
            "los de baja participación.",
        ),
        other=Text(
            "Geography alone: rural places may both turn out more and prefer the leader.",
            "La geografía por sí sola: los lugares rurales pueden votar más y preferir al primero.",
        ),
        cannot=Text(
            "Whether ballots were added: only that turnout and preference go together.",
            "Si se añadieron papeletas: solo que participación y preferencia van juntas.",
        ),
        needs=Text(
            "It needs 100 stations with a roll and turnouts that differ.",
            "Necesita 100 mesas con padrón y participaciones distintas.",
        ),
        source="Sobyanin and Sukhovolsky (1993); Myagkov, Ordeshook and Shakin (2009)",
        digits=4,
    ),
    "resampled_density": About(
        title=Text("Resampled density of the leader's share", "Densidad remuestreada del porcentaje del primero"),
        statistic=Text(
            "share of stations at percentages that occur more often than in any resample",
            "proporción de mesas en porcentajes más frecuentes que en todo remuestreo",
        ),
        expected=Text(
            "As much as clean placebo elections give. In a resample each station's turnout and votes are drawn anew "
            "from what its own figures tell of its proportions. The statistic is never negative, so that 0 is not "
            "what chance gives; p compares it with the placebo's.",
            "Tanto como dan las elecciones placebo limpias. En un remuestreo la participación y los votos de cada "
            "mesa se sortean de nuevo según lo que sus propias cifras dicen de sus proporciones. El estadístico nunca "
            "es negativo, así que 0 no es lo que da el azar; p lo compara con el placebo.",
        ),
        other=Text(
            "Rounded results, one share repeated in many small stations, and rolls of a few fixed sizes.",
            "Resultados redondeados, un mismo porcentaje repetido en muchas mesas pequeñas y padrones de unos pocos "
            "tamaños fijos.",
        ),
        cannot=Text(
            "Changes that leave no share more frequent than its neighbours; which stations of a share were changed.",
            "Cambios que no hacen un porcentaje más frecuente que sus vecinos; qué mesas de un porcentaje se "
            "cambiaron.",
        ),
        needs=Text(
            "It needs 100 stations with a roll and no more ballots than it.",
            "Necesita 100 mesas con padrón y no más papeletas que inscritos.",
        ),
        source="Rozenas (2017), Detecting Election Fraud from Irregularities in Vote-Share Distributions",
        digits=5,
    ),
    "repeated_rows": About(
        title=Text("Equal rows of results", "Filas de resultados iguales"),
        statistic=Text("pairs of stations with equal votes for all", "pares de mesas con votos iguales para todos"),
        expected=Text(
            "As many pairs as clean placebo elections on the same stations have; stations of 20 or more valid votes.",
            "Tantos pares como tienen las elecciones placebo limpias en las mismas mesas; mesas de 20 o más votos "
            "válidos.",
        ),
        other=Text(
            "Small or unanimous stations coincide by chance, more so where preferences are more alike than the "
            "placebo's; one sheet read twice.",
            "Las mesas pequeñas o unánimes coinciden por azar, más aún donde las preferencias se parecen más que en el "
            "placebo; un acta leída dos veces.",
        ),
        cannot=Text(
            "Which of two equal rows is a copy, or whether either is; copies with a figure changed.",
            "Cuál de dos filas iguales es copia, ni si alguna lo es; copias con una cifra cambiada.",
        ),
        needs=Text(
            "It needs 100 stations of at least 20 valid votes.", "Necesita 100 mesas de al menos 20 votos válidos."
        ),
        source=Text("Simulation on this election's stations", "Simulación con las mesas de esta elección"),
    ),
    "local_outliers": About(
        title=Text("Stations unlike their neighbours", "Mesas distintas de sus vecinas"),
        statistic=Text("stations listed", "mesas listadas"),
        expected=Text(
            "In each station as many votes for the leader, of the valid ones, and as many voters who took part, of "
            "those registered, as its place's other stations predict (a beta-binomial distribution whose scatter is "
            "that of the nearest 90 per cent of the stations); a station's p is twice the smaller of the two; false "
            "discovery rate 5 per cent.",
            "En cada mesa tantos votos del primero, entre los válidos, y tantos votantes, entre los inscritos, como "
            "predicen las demás mesas de su lugar (una distribución beta-binomial cuya dispersión es la del 90 por "
            "ciento de mesas más próximas); el p de una mesa es el doble del menor de los dos; tasa de falsos "
            "hallazgos de 5 por ciento.",
        ),
        other=Text(
            "Stations filled by surname, age, barracks or village of origin; voters added on the day or allowed to "
            "vote elsewhere; a roll that is out of date in one station; columns swapped when a sheet was typed; a "
            "scatter that is larger in some places than in others.",
            "Mesas formadas por apellido, edad, cuartel o comunidad de origen; votantes añadidos ese día o autorizados "
            "a votar en otra parte; un padrón desactualizado en una mesa; columnas cambiadas al transcribir un acta; "
            "dispersión real mayor en unos lugares que en otros.",
        ),
        cannot=Text(
            "Why a sheet differs: it is a sheet to look at, not a finding. Changes to all sheets of a place, and "
            "changes to so many stations that they set the scatter themselves.",
            "Por qué un acta difiere: es un acta por mirar, no un hallazgo. Cambios en todas las actas de un lugar, ni "
            "cambios en tantas mesas que ellas mismas fijan la dispersión.",
        ),
        needs=Text(
            "It needs 100 stations that share a place with another.",
            "Necesita 100 mesas que compartan lugar con otra.",
        ),
        source="Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57",
    ),
}
