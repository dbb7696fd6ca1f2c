"""What was measured, as tables for people."""

from measure import paired_difference, paired_ratio

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
    others = ("OCA", "ours")
    heads = ["job", "stock", *(f"{side}: {what}" for side in others for what in EXTRA)]
    rows = []
    for job, sides in jobs.items():
        row = [job, cell(sides["stock"])]
        for side in others:
            row += _extra(sides.get(side), sides["stock"])
        rows.append(row)
    return table(heads, rows)


EXTRA = ("extra time", "extra queries")


def _extra(samples, stock):
    if not samples:
        return ["–", "–"]
    extra = paired_difference(samples, stock) * 1000
    queries = samples.as_dict()["queries"] - stock.as_dict()["queries"]
    return [f"{extra:+.1f} ms", f"{queries:+d}"]


def posting_table(jobs):
    heads = ["job", "stock", "OCA", "OCA / stock", "ours", "ours / stock", "ours, CPU"]
    rows = []
    for job, sides in jobs.items():
        row = [job, cell(sides["stock"])]
        for side in ("OCA", "ours"):
            found = sides.get(side)
            share = f"{paired_ratio(found, sides['stock']):.2f}×" if found else "–"
            row += [cell(found), share]
        rows.append([*row, _cpu_ratio(sides.get("ours"), sides["stock"])])
    return table(heads, rows)


def _cpu_ratio(one, other):
    if not one:
        return "–"
    return f"{one.as_dict()['cpu_ms'] / other.as_dict()['cpu_ms']:.2f}×"


def installing_table(sides):
    heads = ["addons", "seconds", "database grows by"]
    rows = [
        [side.name, f"{side.install_seconds:.0f}", f"{side.added_bytes / 1e6:.0f} MB"]
        for side in sides.values()
        if side.install_seconds
    ]
    return table(heads, rows)
