"""What was written off kept a promise; it is no payment any more."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from odoo.addons.credit_collections.engine.hub import matching
from odoo.addons.credit_collections.sql.hub.matching import settlements


def migrate(cr, version):
    """Judge the promises again that something else than money kept.

    Nobody is written to: what was kept is cancelled, and what was kept in part was
    missed before. Figures that write-offs had a part in follow with the jobs, which
    start at once.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    roles = env["account.account"]._credit_roles()
    cr.execute(_tell_apart_what_came_before(roles))
    cr.execute(_kept_by_something_else(roles))
    promises = env["collection.promise"].browse(row[0] for row in cr.fetchall())
    promises._evaluate()
    for name in ("ir_cron_refresh", "ir_cron_collection_assign"):
        cron = env.ref(f"credit_collections.{name}", raise_if_not_found=False)
        if cron:  # somebody may have deleted it
            cron._trigger()


def _tell_apart_what_came_before(roles):
    """Write what had settled items when they were promised, by what it was.

    What was matched then and was taken back since stays as it was written then.
    """
    return SQL(
        """
        UPDATE collection_promise_line line
           SET paid_before = line.paid_before - before.taken_for_paid + before.paid,
               credited_before = line.credited_before
                   - before.taken_for_credited + before.credited,
               written_off_before = before.written_off
          FROM (
            SELECT promised.id,
                   COALESCE(SUM(settled.amount_currency)
                       FILTER (WHERE document.move_type <> 'out_refund'), 0)
                       AS taken_for_paid,
                   COALESCE(SUM(settled.amount_currency)
                       FILTER (WHERE document.move_type = 'out_refund'), 0)
                       AS taken_for_credited,
                   COALESCE(SUM(settled.amount_currency)
                       FILTER (WHERE settled.kind = %(payment)s), 0) AS paid,
                   COALESCE(SUM(settled.amount_currency)
                       FILTER (WHERE settled.kind IN %(credited)s), 0) AS credited,
                   COALESCE(SUM(settled.amount_currency)
                       FILTER (WHERE settled.kind = %(write_off)s), 0) AS written_off
              FROM %(settlements)s
              JOIN account_move document ON document.id = other.move_id
              JOIN collection_promise_line promised ON promised.move_line_id = item.id
             WHERE part.create_date < promised.create_date
             GROUP BY promised.id) before
         WHERE before.id = line.id AND line.written_off_before IS NULL
        """,
        payment=matching.PAYMENT,
        credited=tuple(sorted(matching.CREDITED)),
        write_off=matching.WRITE_OFF,
        settlements=settlements(roles),
    )


def _kept_by_something_else(roles):
    return SQL(
        """
        SELECT DISTINCT promise.id
          FROM %(settlements)s
          JOIN collection_promise_line line ON line.move_line_id = item.id
          JOIN collection_promise promise ON promise.id = line.promise_id
         WHERE promise.state IN ('kept', 'partly_kept')
           AND promise.is_kept_by_hand IS NOT TRUE
           AND settled.kind <> %(payment)s
        """,
        settlements=settlements(roles),
        payment=matching.PAYMENT,
    )
