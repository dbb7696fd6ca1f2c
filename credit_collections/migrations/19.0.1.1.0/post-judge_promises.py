"""What was written off kept a promise; it is no payment any more."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Judge the promises again that something else than money or credit notes kept.

    Nobody is written to: what was kept is cancelled, and what was kept in part was
    missed before. Figures that write-offs had a part in follow with the jobs, which
    start at once.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """
        SELECT DISTINCT promise.id
          FROM collection_promise promise
          JOIN collection_promise_line line ON line.promise_id = promise.id
          JOIN account_partial_reconcile part ON part.debit_move_id = line.move_line_id
          JOIN account_move_line other ON other.id = part.credit_move_id
          JOIN account_move move ON move.id = other.move_id
          JOIN account_journal journal ON journal.id = move.journal_id
         WHERE promise.state IN ('kept', 'partly_kept')
           AND promise.is_kept_by_hand IS NOT TRUE
           AND move.move_type = 'entry'
           AND journal.type NOT IN ('bank', 'cash', 'credit')
        """
    )
    promises = env["collection.promise"].browse(row[0] for row in cr.fetchall())
    promises._evaluate()
    for name in ("ir_cron_refresh", "ir_cron_collection_assign"):
        cron = env.ref(f"credit_collections.{name}", raise_if_not_found=False)
        if cron:  # somebody may have deleted it
            cron._trigger()
