"""What the design promises about speed, held against what was measured."""

from dataclasses import dataclass

from confirming import RULES
from measure import paired_difference, paired_ratio
from targets import SPECIALS

OWN, ALL = "SQL, our indexes", "exposure of all customers"
FIRST = "refresh of all profiles, first fill"
AGAIN = "refresh of all profiles, nothing changed"

NOISE_MS = 1.0  # what "nothing" may be measured as


@dataclass(frozen=True)
class Outcome:
    """One goal: at most ``limit`` was promised, ``value`` was measured."""

    goal: str
    value: float
    limit: float
    unit: str = ""

    @property
    def met(self):
        return self.value <= self.limit

    def row(self):
        digits = 0 if self.unit == " queries" else 2
        words = [f"{x:.{digits}f}{self.unit}" for x in (self.limit, self.value)]
        return [
            self.goal,
            f"≤ {words[0]}",
            words[1],
            "met" if self.met else "**missed**",
        ]


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
    floor, ours = jobs[ALL][OWN].median, jobs[ALL]["ours"]
    yield Outcome("all customers, against the floor", ours.median / floor, 1.5, "×")
    queries = ours.as_dict()["queries"]
    yield Outcome("all customers", queries, 6, " queries")
    wrong = abs(ours.result - jobs[ALL][OWN].result)
    yield Outcome("all customers, sum differs from bare SQL", wrong, 1)
    for job, limit in ((FIRST, 4), (AGAIN, 2)):
        yield Outcome(job, jobs[job]["ours"].median / floor, limit, "× floor")
    for number in SPECIALS:
        sides = jobs[f"exposure of one customer, {number:,} open invoices"]
        extra = (sides["ours"].median - sides[OWN].median) * 1000
        goal = f"one customer, {number:,} open invoices, over the floor"
        yield Outcome(goal, extra, 3, " ms")


def _confirm(jobs):
    for rules in RULES:
        for number in SPECIALS:
            job = f"confirm, {number:,} open invoices, {rules}"
            ours, stock = jobs[job]["ours"], jobs[job]["stock"]
            extra = paired_difference(ours, stock) * 1000
            queries = ours.as_dict()["queries"] - stock.as_dict()["queries"]
            nothing = rules == "no rule"
            limit = NOISE_MS if nothing else 8 if number == max(SPECIALS) else 4
            yield Outcome(f"{job}: extra", extra, limit, " ms")
            yield Outcome(f"{job}: extra", queries, 0 if nothing else 3, " queries")


def _posting(jobs):
    for job, sides in jobs.items():
        value = paired_ratio(sides["ours"], sides["stock"])
        yield Outcome(f"{job}, against stock", value, 1.05, "×")


def growth(small, big):
    """Time may grow no faster than the data: ten times as much, with some room."""
    if "ours" not in big["sides"]:
        return []
    jobs = (ALL, FIRST, AGAIN)
    pairs = [
        (job, *(one["exposure"][job]["ours"] for one in (small, big))) for job in jobs
    ]
    return [Outcome(job, b.median / s.median, 12, "×") for job, s, b in pairs]
