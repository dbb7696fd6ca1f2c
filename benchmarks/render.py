"""What was measured, as tables for people."""

from measure import NOISE, paired_difference, paired_ratio

SIDES = ("SQL", "SQL, our indexes", "core", "OCA", "ours")
FLOORS = ("SQL", "SQL, our indexes")


def report(size, measured):
    """All tables of one size as Markdown."""
    parts = [f"## {size}: {measured['data']}", "", "### Exposure", ""]
    parts += exposure_table(measured["exposure"])
    parts += ["", "### Extra time of confirming an order", ""]
    parts += confirm_table(measured["confirm"])
    if measured["hold"]:
        parts += ["", "### Holding an order, beside confirming it in stock Odoo", ""]
        parts += confirm_table(measured["hold"])
    parts += ["", "### Posting, paying, reconciling with the addon installed", ""]
    parts += posting_table(measured["posting"])
    parts += ["", "### Installing into this database", ""]
    parts += installing_table(measured["sides"])
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


def exposure_table(jobs):
    heads = ["median (queries)", *SIDES, "ours / SQL", "ours / SQL, our indexes"]
    rows = []
    for job, sides in jobs.items():
        ratios = [ratio(sides.get("ours"), sides.get(floor)) for floor in FLOORS]
        rows.append([job, *(cell(sides.get(side)) for side in SIDES), *ratios])
    return table(heads, rows)


def ratio(one, other):
    return f"{one.median / other.median:.2f}×" if one and other else "–"


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
