"""Arrays for statements about many rows."""


def array(values):
    """Return values as PostgreSQL writes an array, ``{1,2,NULL}``; to be cast.

    A list would become an expression with a node for each value, which takes PostgreSQL
    longer than reading the text.
    """
    return f"{{{','.join(map(_written, values))}}}"


def _written(value):
    if value is None:
        return "NULL"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return str(value)
