"""What was measured, as tables for people."""

from measure import NOISE, paired_difference, paired_ratio

SIDES = ("SQL", "SQL, our indexes", "core", "OCA", "ours", "ours, warm")
FLOORS = ("SQL", "SQL, our indexes")


def report(size, measured):
    """All tables of one size as Markdown."""
    parts = [f"## {size}: {measured['data']}", "", "### Exposure", ""]
    parts += [*exposure_table(measured["exposure"]), ""]
    parts += sums_table(measured["exposure"])
    parts += ["", "### Extra time of confirming an order", ""]
    parts += confirm_table(measured["confirm"])
    if measured["hold"]:
        parts += ["", "### Holding an order, beside confirming it in stock Odoo", ""]
        parts += confirm_table(measured["hold"])
    parts += ["", "### Posting, paying, reconciling with the addon installed", ""]
    parts += posting_table(measured["posting"])
    parts += ["", "### Installing into this database", ""]
    parts += installing_table(measured["sides"])
    if measured["indexes"]:
        parts += ["", *indexes_table(measured["indexes"])]
    return "\n".join([*parts, ""])


def table(heads, rows):
    """Lines of a Markdown table; the first column is text, the others are figures."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return [f"| {' | '.join(map(str, line))} |" for line in lines]


def duration(seconds):
    if seconds >= 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def cell(samples):
    if not samples:
        return "–"
    queries = samples.as_dict()["queries"]
    return f"{duration(samples.median)} ({queries})"


RATIOS = (
    ("core", FLOORS[0]),
    ("OCA", FLOORS[0]),
    ("ours", FLOORS[0]),
    ("ours", FLOORS[1]),
)


def exposure_table(jobs):
    heads = ["median (queries)", *SIDES, *(" / ".join(pair) for pair in RATIOS)]
    rows = []
    for job, sides in jobs.items():
        ratios = [ratio(sides.get(one), sides.get(other)) for one, other in RATIOS]
        rows.append([job, *(cell(sides.get(side)) for side in SIDES), *ratios])
    return table(heads, rows)


def sums_table(jobs):
    """What each side says that customers owe: are they talking about the same thing?"""
    rows = []
    for job, sides in jobs.items():
        if job.startswith("exposure"):
            sums = [sides[side].result if side in sides else None for side in SIDES]
            rows.append([job, *("–" if x is None else f"{x:,}" for x in sums)])
    return table(["sum of the exposure", *SIDES], rows)


def ratio(one, other):
    return f"{paired_ratio(one, other):.2f}×" if one and other else "–"


def confirm_table(jobs):
    """Extra time is the median of the differences of runs made side by side."""
    others = (NOISE, "OCA", "ours")
    rows = []
    for job, sides in jobs.items():
        extras = [_extra(sides.get(side), sides["stock"]) for side in others]
        rows.append([job, cell(sides["stock"]), *extras])
    return table(["job", "stock", *others], rows)


def _extra(samples, stock):
    if not samples:
        return "–"
    extra = paired_difference(samples, stock) * 1000
    queries = samples.as_dict()["queries"] - stock.as_dict()["queries"]
    return f"{extra:+.1f} ms ({queries:+d})"


def posting_table(jobs):
    """Ratios are the medians of those of runs made side by side."""
    others = (NOISE, "OCA", "ours")
    rows = []
    for job, sides in jobs.items():
        shares = [_share(sides.get(side), sides["stock"]) for side in others]
        rows.append([job, cell(sides["stock"]), *shares])
    return table(["job", "stock", *others], rows)


def _share(samples, stock):
    if not samples:
        return "–"
    queries = samples.as_dict()["queries"] - stock.as_dict()["queries"]
    return f"{paired_ratio(samples, stock):.2f}× ({queries:+d})"


def installing_table(sides):
    heads = ["addons", "seconds", "database grows by"]
    rows = [
        [side.name, f"{side.install_seconds:.0f}", f"{side.added_bytes / 1e6:.0f} MB"]
        for side in sides.values()
        if side.install_seconds
    ]
    return table(heads, rows)


def indexes_table(indexes):
    rows = [[name, f"{size / 1e6:.1f} MB"] for name, size in sorted(indexes.items())]
    return table(["index on one of Odoo's tables", "size"], rows)


def goals_table(size, outcomes):
    heads = [f"goal, {size}", "promised", "median", "quietest", ""]
    rows = [outcome.row() for outcome in outcomes]
    return "\n".join([*table(heads, rows), ""]) if rows else ""
