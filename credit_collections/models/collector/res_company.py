from odoo import fields, models


class ResCompany(models.Model):
    """After how many days without a contact customers stand out."""

    _inherit = "res.company"

    collection_silence_days = fields.Integer(
        "Contact At Least Every",
        default=14,
        help="Overdue customers whom nobody contacted for more than so many days stand "
        "out on the board of the collectors.",
        prefetch="credit",
        groups="base.group_user",
    )

    _check_collection_silence_days = models.Constraint(
        "CHECK (collection_silence_days >= 0)", "Days can't be negative."
    )
