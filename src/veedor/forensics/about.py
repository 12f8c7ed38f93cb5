"""What stands beside each method's figure: what it expects, what else produces it, what it cannot show, its source."""

from collections.abc import Mapping
from dataclasses import dataclass

from veedor.finding import Text
from veedor.forensics.texts import TEXTS


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


DIGIT_LIMITS = TEXTS.say("about.digit_limits")

ABOUT: Mapping[str, About] = {
    "second_digit": About(
        title=TEXTS.say("about.second_digit.title"),
        statistic=TEXTS.say("about.second_digit.statistic"),
        expected=TEXTS.say("about.second_digit.expected"),
        other=TEXTS.say("about.second_digit.explanations"),
        cannot=DIGIT_LIMITS,
        needs=TEXTS.say("about.second_digit.needs"),
        source="Mebane (2006), Election Forensics: The Second-digit Benford's Law Test",
        digits=3,
    ),
    "last_digit": About(
        title=TEXTS.say("about.last_digit.title"),
        statistic=TEXTS.say("about.last_digit.statistic"),
        expected=TEXTS.say("about.last_digit.expected"),
        other=TEXTS.say("about.last_digit.explanations"),
        cannot=DIGIT_LIMITS,
        needs=TEXTS.say("about.last_digit.needs"),
        source="Beber and Scacco (2012), What the Numbers Say, Political Analysis 20",
        digits=3,
    ),
    "integer_percentages": About(
        title=TEXTS.say("about.integer_percentages.title"),
        statistic=TEXTS.say("about.integer_percentages.statistic"),
        expected=TEXTS.say("about.integer_percentages.expected"),
        other=TEXTS.say("about.integer_percentages.explanations"),
        cannot=TEXTS.say("about.integer_percentages.cannot"),
        needs=TEXTS.say("about.integer_percentages.needs"),
        source="Kobak, Shpilkin and Pshenichnikov (2016), Annals of Applied Statistics 10",
        digits=1,
    ),
    "klimek": About(
        title=TEXTS.say("about.klimek.title"),
        statistic=TEXTS.say("about.klimek.statistic"),
        expected=TEXTS.say("about.klimek.expected"),
        other=TEXTS.say("about.klimek.explanations"),
        cannot=TEXTS.say("about.klimek.cannot"),
        needs=TEXTS.say("about.klimek.needs"),
        source="Klimek, Yegorov, Hanel and Thurner (2012), PNAS 109",
        digits=4,
    ),
    "turnout_and_share": About(
        title=TEXTS.say("about.turnout_and_share.title"),
        statistic=TEXTS.say("about.turnout_and_share.statistic"),
        expected=TEXTS.say("about.turnout_and_share.expected"),
        other=TEXTS.say("about.turnout_and_share.explanations"),
        cannot=TEXTS.say("about.turnout_and_share.cannot"),
        needs=TEXTS.say("about.turnout_and_share.needs"),
        source="Sobyanin and Sukhovolsky (1993); Myagkov, Ordeshook and Shakin (2009)",
        digits=4,
    ),
    "resampled_density": About(
        title=TEXTS.say("about.resampled_density.title"),
        statistic=TEXTS.say("about.resampled_density.statistic"),
        expected=TEXTS.say("about.resampled_density.expected"),
        other=TEXTS.say("about.resampled_density.explanations"),
        cannot=TEXTS.say("about.resampled_density.cannot"),
        needs=TEXTS.say("about.resampled_density.needs"),
        source="Rozenas (2017), Detecting Election Fraud from Irregularities in Vote-Share Distributions",
        digits=5,
    ),
    "repeated_rows": About(
        title=TEXTS.say("about.repeated_rows.title"),
        statistic=TEXTS.say("about.repeated_rows.statistic"),
        expected=TEXTS.say("about.repeated_rows.expected"),
        other=TEXTS.say("about.repeated_rows.explanations"),
        cannot=TEXTS.say("about.repeated_rows.cannot"),
        needs=TEXTS.say("about.repeated_rows.needs"),
        source=TEXTS.say("about.repeated_rows.source"),
    ),
    "local_outliers": About(
        title=TEXTS.say("about.local_outliers.title"),
        statistic=TEXTS.say("about.local_outliers.statistic"),
        expected=TEXTS.say("about.local_outliers.expected"),
        other=TEXTS.say("about.local_outliers.explanations"),
        cannot=TEXTS.say("about.local_outliers.cannot"),
        needs=TEXTS.say("about.local_outliers.needs"),
        source="Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57",
    ),
}
