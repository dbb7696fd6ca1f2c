"""The day that it is for the company of a row, where a statement reads several."""

from odoo.tools import SQL


def day_of(company, days, otherwise):
    """Return an expression: the day of a company; a constant where all have the same.

    :param company: expression of the id of a company
    :param days: ``{day: ids of the companies whose day it is}``
    :param otherwise: the day where there is no company
    """
    others = {day: ids for day, ids in days.items() if day != otherwise}
    if not others:
        return SQL("%s::date", otherwise)
    return SQL(
        "(CASE %s ELSE %s::date END)",
        SQL(" ").join(
            SQL("WHEN %s IN %s THEN %s::date", company, tuple(ids), day)
            for day, ids in others.items()
        ),
        otherwise,
    )
