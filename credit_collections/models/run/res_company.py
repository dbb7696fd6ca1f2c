from odoo import fields, models


class ResCompany(models.Model):
    """How far the bank may be behind when runs start, and what is paid meanwhile."""

    _inherit = "res.company"

    collection_count_registered = fields.Boolean(
        "Registered Payments Count",
        default=True,
        help="Payments that are registered and not booked, as where invoices are in "
        "payment until the bank statement comes, count as unapplied when customers are "
        "reminded and promises judged. The exposure follows the books all the same.",
        prefetch="credit",
        groups="base.group_user",
    )
    collection_bank_days = fields.Integer(
        "Bank Up to Date",
        help="Collection runs wait while a bank journal has no statement lines, or "
        "lines that are not reconciled, from more than so many days ago. 0: they "
        "don't look. Journals that never had a statement line don't count.",
        prefetch="credit",
        groups="base.group_user",
    )

    _check_collection_bank_days = models.Constraint(
        "CHECK (collection_bank_days >= 0)",
        "The days until which the bank has to be up to date can't be negative.",
    )
