"""What was learned beforehand of how votes go with lateness: the prior of the forecast, and how wide it has to be.

Learned on 1,500 elections, each of another kind drawn at random (400 to 4,000 sheets; 2 to 5 levels, 2 to 12 choices;
remoteness of any strength and shape or none; regions, towns, time zones late or not; stops at 25 to 95 %), by the mean
logarithm of the density that the forecast gave the truth. MATTERS, BENDS_ON and BENT_WIDER: later, on 1,200 more such
elections (`random` in docs/tables/levels.py). Proved on kinds that were not among them: docs/methods/levels.md. All in
units of the standard deviation of places' leads per registered voter, so that they hold for any election, and rounded,
since more digits are not known.
"""

SCALES = (0.0, 0.25, 0.5, 1.0, 2.0)
WEIGHTS = (0.2, 0.42, 0.15, 0.15, 0.08)
"""How strongly votes go with lateness, as a factor on the three deviations below; and how often each is met."""

COMMON = 0.43
"""Standard deviation of the slope that all levels share, per unit of lateness (a standard deviation of sheets)."""

APART = 0.4
"""Standard deviation of each level's own slope around it."""

BEND, BEND_WITH_SLOPE = 0.13, 0.9
"""Standard deviation of the coefficient of lateness squared, and its correlation with the common slope."""

SHEET = 0.003
"""Standard deviation of the slope within places, whatever the scale."""

SIZES = (0.03, 0.3)
"""Standard deviations of the slopes on the sizes of places: two guesses, each as likely."""

EARLIER = 3.0
"""Standard deviation of the slope on an earlier vote's share: in votes per registered voter, nearly free."""

FREE, FREE_APART = 3.0, 0.4
"""The deviations with which the bend is tested: nearly free."""

BENT = 2.0
"""From this many standard errors on the relation is said to bend."""

TOO_NARROW = 1.02
"""The forecast's own standard deviation was too small by this factor, because variances are estimates."""

EARLY, EARLY_BELOW = 0.75, 0.5
"""Where less than this share of the sheets is counted, intervals are wider by so much of what is lacking: forecasts
from few sheets erred more, up to half again as much from 30 %, mostly where remoteness was of an odd shape."""

LEAST_SHARE = 0.25
"""No election that was learned from had stopped before this share of the sheets: what is said there is not known to
hold, and the finding is undecided."""

HIDDEN_PLACES = 0.25
"""From this share of missing sheets on that are of places of which nothing was counted, though something was of the
places around them, the projection never speaks against a count: of 800 elections of kinds drawn at random nearly all
that it missed by far were such ones. What is late is then a trait of places, and it may move votes unseen."""

FORM = 0.5
"""Standard deviation of what lateness brings beyond the stop, as a share of what the forecast adds for it."""

FORM_AT_MOST = 1.5
"""The same where lateness beyond the stop may count up to two and a half times as much: nearly all of it hidden."""

MATTERS = (0.4, 1.0)
"""What lateness adds to the lead, in the forecast's own standard deviations: below the first what it does beyond the
stop is no matter, from the second on it is; between them in part. The figures below hold where it matters."""

BENDS_ON, BENDS_ON_UP_TO = 0.35, 1.5
"""Where the relation bends the way of its slope, lateness brings more beyond the stop than the forecast adds for it: by
this share for each standard error of the bend, up to so many. Bends are drawn towards none too far: few places are very
late, and those are missing."""

BENT_WIDER, BENT_BETWEEN = 0.4, (0.7, 1.7)
"""By how much wider intervals are where it seems to bend, in full from so many standard errors on: beyond the stop it
may bend more, or be flat again."""

LEVEL, WIDEST = 0.95, 0.99
"""Level of the interval that a lead has to lie outside of before the projection speaks against a count, where lateness
is no matter and where it is: there variances are estimates of what is hidden and tails are longer than a normal's, and
no kind of election may exceed the finding's level of 5 %."""

CUTS_MAY_ERR = 1.5
"""Errors at the election's own earlier cuts exceed this root mean square (in calibrated standard deviations) in one of
twenty elections; what is above it widens the interval."""
