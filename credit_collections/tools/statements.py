"""What every statement on tables needs before it runs."""


def flush(env, reads):
    """Write pending changes of what a statement reads.

    :param reads: ``{model: names of fields, or None for all}``, said beside the
        statement
    """
    for model, names in reads.items():
        env[model].flush_model(names)
