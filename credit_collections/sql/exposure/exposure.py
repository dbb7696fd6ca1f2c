"""The exposure of customers by component: one statement for one customer or for all."""

from functools import lru_cache

from odoo.tools import SQL

from ..hub import undone
from ..hub.blank import PARTNERS, WITHOUT_ORDERS, fill
from ..hub.pot import FAMILY, is_few, is_some
from .exposure_parts import LATE, exposure_parts

#: What the statements here and those they are made of read, by model.
READS = {
    "account.move": ["move_type"],
    "account.move.line": [
        "account_id",
        "amount_residual",
        "amount_residual_currency",
        "balance",
        "company_id",
        "currency_id",
        "date",
        "date_maturity",
        "display_type",
        "is_downpayment",
        "matching_number",
        "move_id",
        "parent_state",
        "partner_id",
        "payment_id",
        "price_total",
        "product_uom_id",
        "quantity",
        "reconciled",
    ],
    "account.partial.reconcile": undone.READS["account.partial.reconcile"],
    "account.payment": undone.READS["account.payment"],
    "res.partner": ["commercial_partner_id"],
    "sale.order": [
        "commitment_date",
        "company_id",
        "currency_id",
        "partner_invoice_id",
    ],
    "sale.order.line": [
        "display_type",
        "is_downpayment",
        "order_id",
        "price_total",
        "product_uom_id",
        "product_uom_qty",
        "qty_delivered",
        "qty_invoiced",
        "qty_to_invoice",
        "state",
    ],
    "uom.uom": ["factor"],
    "res.company": ["currency_id"],
}

_NOTHING = SQL("NULL::numeric")
_NO_DATE = SQL("NULL::date")


def exposure(pot, partner_ids=None, without_orders=(), leftover=0.0):
    """Return a select of ``partner_id``, the components of the pot, ``past_due`` and
    ``oldest_due``.

    One row per commercial partner with anything to count, or for each where few are
    asked for; amounts in the currency of the company. Components that the pot leaves
    out are 0; ``past_due`` is what is overdue, whether it counts or not, and
    ``oldest_due`` the oldest date of it.

    :param partner_ids: commercial partners, all when ``None``
    :param without_orders: ids of orders that do not count
    :param leftover: overdue items of no more than this make nobody late: they are in no
        ``past_due`` and no ``oldest_due``. The components have them all the same.
    """
    if partner_ids is not None:
        pot = pot.about(partner_ids)
    if is_some(partner_ids):
        statement = _of_few if is_few(partner_ids) else _of_some
        return fill(
            statement(pot, leftover),
            {PARTNERS: list(partner_ids), WITHOUT_ORDERS: list(without_orders)},
        )
    parts = exposure_parts(pot, partner_ids, without_orders, leftover)
    return _added_up(pot, parts, SQL("res_partner"))


@lru_cache(maxsize=64)
def _of_some(pot, leftover):
    """The same of more customers, a group of them: their contacts are looked up once,
    and the items of each part by them."""
    return SQL(
        """
        WITH family AS MATERIALIZED (
            SELECT id, commercial_partner_id FROM res_partner
             WHERE commercial_partner_id = ANY(%s)
        ) %s
        """,
        PARTNERS,
        _added_up(
            pot,
            exposure_parts(pot, FAMILY, WITHOUT_ORDERS, leftover),
            SQL("family"),
        ),
    )


def _added_up(pot, parts, contacts):
    """Add up parts by commercial partner.

    :param contacts: where ``id, commercial_partner_id`` of all of them are
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id AS partner_id, %(sums)s,
               COALESCE(SUM(part.past_due), 0) AS past_due,
               MIN(part.oldest_due) AS oldest_due
          FROM (%(parts)s) part
          JOIN %(contacts)s partner ON partner.id = part.partner_id
         GROUP BY partner.commercial_partner_id
        """,
        contacts=contacts,
        sums=SQL(", ").join(
            SQL(
                "COALESCE(SUM(%s), 0) AS %s",
                SQL.identifier("part", name),
                SQL.identifier(name),
            )
            if name in pot.components
            else SQL("0::numeric AS %s", SQL.identifier(name))
            for name in pot.columns
        ),
        parts=SQL(" UNION ALL ").join(_in_union(pot, part) for part in parts),
    )


@lru_cache(maxsize=64)
def _of_few(pot, leftover):
    """The same customer by customer, each part by itself.

    Planning is most of the work for few customers, and takes half as long like this.
    """
    return side_by_side(
        pot,
        exposure_parts(pot, SQL("customer.id"), WITHOUT_ORDERS, leftover),
        SQL("customer.id AS partner_id"),
        SQL("unnest(%s::integer[]) customer(id)", PARTNERS),
    )


def side_by_side(pot, parts, keys, source):
    """Add up each part by itself, for each row of a source.

    :param keys: columns in front of the amounts
    :param source: what the parts refer to
    """
    parts = {f"part_{number}": part for number, part in enumerate(parts)}
    laterals = [
        SQL("CROSS JOIN LATERAL (%s) %s", _summed_up(part), SQL.identifier(alias))
        for alias, part in parts.items()
    ]
    columns = {
        name: [
            SQL.identifier(alias, name)
            for alias, part in parts.items()
            if name in part.amounts
        ]
        for name in (*pot.columns, *LATE)
    }
    figures = [
        SQL(
            "%s AS %s",
            SQL(" + ").join(SQL("COALESCE(%s, 0)", column) for column in columns[name])
            if name in (*pot.components, "past_due") and columns[name]
            else SQL("0::numeric"),
            SQL.identifier(name),
        )
        for name in (*pot.columns, "past_due")
    ]
    return SQL(
        "SELECT %s, %s, %s AS oldest_due FROM %s %s",
        keys,
        SQL(", ").join(figures),
        SQL("LEAST(%s)", SQL(", ").join(columns["oldest_due"] or [_NO_DATE])),
        source,
        SQL(" ").join(laterals),
    )


def _summed_up(part):
    """Select the totals of a part: one row, whatever there is."""
    return SQL(
        "SELECT %s FROM (%s) source",
        SQL(", ").join(
            SQL(
                "MIN(%s) AS %s" if name == "oldest_due" else "SUM(%s) AS %s",
                amount,
                SQL.identifier(name),
            )
            for name, amount in part.amounts.items()
        ),
        part.source,
    )


def _in_union(pot, part):
    """Select a part for the union: its amounts, nothing in all other columns.

    Contacts are led back to their company behind the union, once for all parts, when
    next to everything is summed up.
    """
    columns = [
        SQL("%s AS %s", part.amounts.get(name, nothing), SQL.identifier(name))
        for name, nothing in [
            *((name, _NOTHING) for name in (*pot.columns, "past_due")),
            ("oldest_due", _NO_DATE),
        ]
    ]
    columns.insert(0, SQL("partner_id"))
    return SQL("SELECT %s FROM (%s) source", SQL(", ").join(columns), part.source)
