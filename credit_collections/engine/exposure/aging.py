"""Age buckets of what is open: days past due, day 0 is not late yet."""

#: Last day of each bucket; the last bucket has no end.
BOUNDS = (0, 30, 60, 90, 120)


def bucket_names(bounds=BOUNDS):
    """Return the buckets as ``(first day, last day)``, ``None`` where it is open."""
    firsts = [None, *(bound + 1 for bound in bounds)]
    return list(zip(firsts, [*bounds, None], strict=True))
