"""Statements that are put together once and filled in for every use.

Putting a large statement together from hundreds of pieces takes longer than running it.
"""

from odoo.tools import SQL


class Blank:
    """Stands in a statement for a parameter that every use fills in."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}>"


#: Ids of commercial partners or of contacts; a list.
PARTNERS = Blank("partners")
#: Ids of orders that do not count; a list.
WITHOUT_ORDERS = Blank("without orders")


def fill(statement, values):
    """Return a statement with its blanks filled in.

    :param values: ``{blank: parameter}``; a blank without a value is a ``KeyError``
    """
    # the text is that of a finished statement, only parameters differ
    return SQL(
        statement.code,
        *[
            values[param] if isinstance(param, Blank) else param
            for param in statement.params
        ],
    )
