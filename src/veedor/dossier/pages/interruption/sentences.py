"""The words of the page on the interruption."""

from veedor.finding import Text

WORDS = {
    "title": Text("Interruption", "Interrupción"),
    "heading": Text(
        "Was the shift after the stop what the missing places would have brought anyway?",
        "¿Fue el cambio tras la detención el que de todos modos habrían traído los lugares que faltaban?",
    ),
    "dek": Text(
        "{count}: {counted} tally sheets were published at the stop, {missing} were missing. Every projection below is "
        "to this universe: {universe}.",
        "{count}: {counted} actas estaban publicadas al detenerse y faltaban {missing}. Todas las proyecciones de esta "
        "página van hacia este universo: {universe}.",
    ),
    "happened": Text("What happened", "Qué pasó"),
    "missing": Text("What was missing", "Qué faltaba"),
    "remains": Text("What remains unexplained", "Qué queda sin explicar"),
    "remains_lead": Text(
        "Between {least} and {most} votes of the lead, by the rule of projection, of {observed} votes of lead in the "
        "missing sheets. The final result stood {margin} votes from the rule's line.",
        "Entre {least} y {most} votos de la ventaja, según la regla de proyección, de una ventaja de {observed} votos "
        "en las actas faltantes. El resultado final quedó a {margin} votos de la línea de la regla.",
    ),
    "time_title": Text("Lead against time", "La ventaja a lo largo del tiempo"),
    "count_title": Text("Lead against sheets counted", "La ventaja según las actas contadas"),
    "events_title": Text("What was reported", "Qué se informó"),
    "events_caption": Text(
        "One line for each source's account: a diamond is a time on a clock, a bar the days that the source gives or"
        " the time that it lasted. Shaded: publication stood still. The numbers are those above the first chart. That"
        " two things stand side by side in time says nothing of what caused what.",
        "Una línea por el relato de cada fuente: un rombo es una hora del reloj; una barra, los días que da la fuente o"
        " lo que duró. Sombreado: la publicación estuvo detenida. Los números son los del primer gráfico. Que dos cosas"
        " coincidan en el tiempo no dice nada de qué causó qué.",
    ),
    "events_undated": Text("Without a date in any source:", "Sin fecha en ninguna fuente:"),
    "events_link": Text("Every account, with its source", "Cada relato, con su fuente"),
    "region_title": Text("The same by region", "Lo mismo por región"),
    "lead_axis": Text("Lead of {first} over {second}, points", "Ventaja de {first} sobre {second}, puntos"),
    "time_axis": Text("Time ({zone})", "Hora ({zone})"),
    "count_axis": Text("Sheets counted, per cent of the universe", "Actas contadas, por ciento del universo"),
    "line": Text("the rule: {n} points", "la regla: {n} puntos"),
    "gap": Text("stopped from {start} to {end}", "detenido del {start} al {end}"),
    "time_caption": Text(
        "Each clock of the count that has times; shaded: publication stood still. Point at a line, or move along it "
        "with the arrow keys, to read a value.",
        "Cada reloj del conteo que tiene horas; sombreado: la publicación estuvo detenida. Señale una línea, o "
        "recórrala con las flechas, para leer un valor.",
    ),
    "count_caption": Text(
        "Every clock and order of count. A lead that moves as places come in shows by itself nothing about the count.",
        "Cada reloj y cada orden de conteo. Una ventaja que se mueve según llegan los lugares no dice, por sí sola, "
        "nada sobre el conteo.",
    ),
    "region_caption": Text(
        "{region}: cumulative lead on the clock “{clock}”, final values.",
        "{region}: ventaja acumulada en el reloj «{clock}», valores finales.",
    ),
    "groups_name": Text(
        "Sheets by whether their place was counted at the stop; final values",
        "Actas según si su lugar estaba contado al detenerse; valores finales",
    ),
    "group": Text("Group", "Grupo"),
    "sheets": Text("Sheets", "Actas"),
    "valid": Text("Valid votes", "Votos válidos"),
    "lead": Text("Lead, points", "Ventaja, puntos"),
    "all_early": Text("places wholly counted", "lugares contados por completo"),
    "split_early": Text("counted part of divided places", "parte contada de lugares divididos"),
    "split_late": Text("missing part of divided places", "parte faltante de lugares divididos"),
    "all_late": Text("places of which nothing was counted", "lugares de los que nada se había contado"),
    "levels_name": Text(
        "Missing sheets by the finest place in which another sheet was counted",
        "Actas faltantes según el menor lugar en el que se había contado otra acta",
    ),
    "level": Text("Place", "Lugar"),
    "whole": Text("the whole", "el conjunto"),
    "none": Text("none", "ninguno"),
    "split_name": Text("Counted and missing sheets: {name}", "Actas contadas y faltantes: {name}"),
    "counted_sheets": Text("Counted", "Contadas"),
    "missing_sheets": Text("Missing", "Faltantes"),
    "counted_lead": Text("Lead, counted", "Ventaja, contadas"),
    "missing_lead": Text("Lead, missing", "Ventaja, faltantes"),
    "projected_title": Text("Projected final lead, all rules", "Ventaja final proyectada, todas las reglas"),
    "projected_caption": Text(
        "Dots: mean; bars: calibrated 95 % interval, as wide as the rule errs on hidden sheets and at earlier cuts; "
        "the table has that of each rule's own draws too ({draws} draws, seed {seed}). Read the spread over rules.",
        "Puntos: media; barras: intervalo calibrado del 95 %, tan ancho como yerra la regla con actas ocultadas y en "
        "cortes anteriores; la tabla da también el de los sorteos de cada regla ({draws} sorteos, semilla {seed}). "
        "Léase la dispersión entre reglas.",
    ),
    "projected_name": Text("Every rule's projection", "La proyección de cada regla"),
    "rule": Text("Rule", "Regla"),
    "mean": Text("Mean, points", "Media, puntos"),
    "sd": Text("Standard deviation", "Desviación estándar"),
    "interval": Text("95 %, own draws", "95 %, sorteos propios"),
    "calibrated": Text("95 %, calibrated", "95 %, calibrado"),
    "unexplained": Text("Unexplained, votes", "Sin explicar, votos"),
    "outcomes": Text("Draws by outcome, calibrated", "Sorteos según el resultado, calibrados"),
    "elected": Text("{who} elected", "gana {who}"),
    "runoff": Text("runoff", "segunda vuelta"),
    "observed": Text("observed {n}", "observada {n}"),
    "points_axis": Text("Points of valid votes", "Puntos de los votos válidos"),
    "calibration": Text(
        "Inside the 50, 80 and 95 % intervals of “{rule}”: {random} of the parts hidden at random, {late} of those "
        "hidden as the late ones were. The intervals are {widening} times as wide as the model's own.",
        "Dentro de los intervalos del 50, 80 y 95 % de «{rule}»: {random} de las partes ocultadas al azar, {late} de "
        "las ocultadas como las tardías. Los intervalos son {widening} veces más anchos que los del propio modelo.",
    ),
    "calibration_cuts": Text(
        "Of the parts that came between earlier cuts and the stop: {cuts}.",
        "De las partes que llegaron entre cortes anteriores y la detención: {cuts}.",
    ),
    "within_title": Text("Late minus early, by level of place", "Tardías menos tempranas, por nivel de lugar"),
    "within_caption": Text(
        "Difference in lead among the sheets of one place; bars: 95 % interval with clustered standard errors.",
        "Diferencia de ventaja entre las actas de un mismo lugar; barras: intervalo del 95 % con errores por "
        "conglomerados.",
    ),
    "zero": Text("no difference", "sin diferencia"),
    "placebo_title": Text("Errors at cuts where nothing happened", "Errores en cortes donde no pasó nada"),
    "placebo_caption": Text(
        "How far the projection “{rule}” errs, in its own standard deviations, at cuts before the stop (clock “{clock}”"
        ") and at the stop.",
        "Cuánto se aparta la proyección «{rule}», en sus propias desviaciones estándar, en cortes anteriores a la "
        "detención (reloj «{clock}») y en la detención.",
    ),
    "placebo_axis": Text("Standard deviations", "Desviaciones estándar"),
    "at_stop": Text("at the stop: {n}", "en la detención: {n}"),
    "findings": Text("What each layer shows", "Qué muestra cada capa"),
    "expected": Text("Expected", "Lo esperado"),
    "uncertainty": Text("Uncertainty", "Incertidumbre"),
    "other": Text("What else explains it", "Qué más lo explica"),
    "cannot": Text("What it cannot show", "Qué no puede mostrar"),
    "svg": Text("This chart as an SVG file", "Este gráfico como archivo SVG"),
}
