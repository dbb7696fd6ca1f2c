"""What the design promises about speed, held against what was measured."""

from dataclasses import dataclass

from confirming import RULES
from measure import (
    best_difference,
    best_ratio,
    paired_difference,
    paired_ratio,
)
from targets import SPECIALS

WARM = "ours, warm"
OWN, ALL = "SQL, our indexes", "exposure of all customers"
FIRST = "refresh of all profiles, first fill"
AGAIN = "refresh of all profiles, nothing changed"

NOISE_MS = 1.0  # what "nothing" may be measured as


@dataclass(frozen=True)
class Outcome:
    """One goal: at most ``limit`` was promised, ``value`` was measured.

    ``best`` is what the quietest runs say; on a busy machine the truth lies between.
    """

    goal: str
    value: float
    limit: float
    unit: str = ""
    best: float | None = None

    @property
    def verdict(self):
        if self.value <= self.limit:
            return "met"
        at_best = self.best is not None and self.best <= self.limit
        return "met by the quietest runs" if at_best else "**missed**"

    def row(self):
        digits = 0 if self.unit == " queries" else 2
        best = self.value if self.best is None else self.best
        figures = (f"{x:.{digits}f}{self.unit}" for x in (self.limit, self.value, best))
        promised, value, best = figures
        return [self.goal, f"≤ {promised}", value, best, self.verdict]


def _extra(goal, one, other, limit):
    value, best = (f(one, other) for f in (paired_difference, best_difference))
    return Outcome(goal, value * 1000, limit, " ms", best * 1000)


def _ratio(goal, one, other, limit, unit="×"):
    return Outcome(goal, paired_ratio(one, other), limit, unit, best_ratio(one, other))


def outcomes(measured):
    """Every goal that this size can tell something about."""
    if "ours" not in measured["sides"]:
        return []
    return [
        *_exposure(measured["exposure"]),
        *_confirm(measured["confirm"]),
        *_posting(measured["posting"]),
    ]


def _exposure(jobs):
    queries = jobs[ALL]["ours"].as_dict()["queries"]
    yield Outcome(ALL, queries, 6, " queries")
    wrong = abs(jobs[ALL]["ours"].result - jobs[ALL][OWN].result)
    yield Outcome(f"{ALL}: sum differs from bare SQL", wrong, 1)
    for job, limit in ((ALL, 1.5), (FIRST, 4), (AGAIN, 2)):
        yield _ratio(job, jobs[job]["ours"], jobs[job][OWN], limit, "× floor")
    for number in SPECIALS:
        job = f"exposure of one customer, {number:,} open invoices"
        for side in ("ours", WARM):
            goal = f"{job}: {side}, over the floor"
            yield _extra(goal, jobs[job][side], jobs[job][OWN], 3)


def _confirm(jobs):
    for rules in RULES:
        for number in SPECIALS:
            job = f"confirm, {number:,} open invoices, {rules}"
            ours, stock = jobs[job]["ours"], jobs[job]["stock"]
            queries = ours.as_dict()["queries"] - stock.as_dict()["queries"]
            nothing = rules == "no rule"
            limit = NOISE_MS if nothing else 8 if number == max(SPECIALS) else 4
            yield _extra(f"{job}: extra", ours, stock, limit)
            yield Outcome(f"{job}: extra", queries, 0 if nothing else 3, " queries")


def _posting(jobs):
    for job, sides in jobs.items():
        yield _ratio(f"{job}, against stock", sides["ours"], sides["stock"], 1.05)


def growth(small, big):
    """Ten times the customers may cost twelve times as much.

    Beside it what bare SQL grows by: some plans change when data outgrow a cache.
    """
    if "ours" not in big["sides"]:
        return []
    return [
        _growth(job, small["exposure"], big["exposure"]) for job in (ALL, FIRST, AGAIN)
    ]


def _growth(job, small, big):
    ours, floor = ((big[job][side], small[job][side]) for side in ("ours", OWN))
    goal = f"{job} (bare SQL: {best_ratio(*floor):.1f}×)"
    value = ours[0].median / ours[1].median
    return Outcome(goal, value, 12, "×", best_ratio(*ours))
