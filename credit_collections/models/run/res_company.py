from odoo import fields, models


class ResCompany(models.Model):
    """Parameters of collections, set on the root company for all its branches."""

    _inherit = "res.company"

    collection_promise_grace_days = fields.Integer(
        "Grace of Promises",
        default=3,
        help="Working days after the promised day on which money still keeps the "
        "promise.",
        prefetch="credit",
    )
    collection_promise_told = fields.Selection(
        [
            ("collector", "Collector"),
            ("salesperson", "Salesperson"),
            ("manager", "Credit manager"),
        ],
        string="Told of Broken Promises",
        required=True,
        default="collector",
        help="Gets an activity when a promise is broken. Where a customer has no such "
        "person, the credit manager does.",
        prefetch="credit",
    )
    collection_promise_notice = fields.Selection(
        [("none", "Nobody"), ("email", "By e-mail"), ("sms", "By SMS")],
        string="Tell Customers of Broken Promises",
        required=True,
        default="none",
        help="Customers who may not be contacted are not told.",
        prefetch="credit",
    )
    collection_silence_days = fields.Integer(
        "Contact At Least Every",
        default=14,
        help="Overdue customers whom nobody contacted for more than so many days stand "
        "out on the board of the collectors.",
        prefetch="credit",
    )
    collection_bank_days = fields.Integer(
        "Bank Up to Date",
        help="Collection runs wait while a bank journal has no statement lines, or "
        "lines that are not reconciled, from more than so many days ago. 0: they "
        "don't look. Journals that never had a statement line don't count.",
        prefetch="credit",
    )

    _check_collection_promise = models.Constraint(
        "CHECK (collection_promise_grace_days BETWEEN 0 AND 90)",
        "The days of grace of promises are between 0 and 90.",
    )
    _check_collection_silence_days = models.Constraint(
        "CHECK (collection_silence_days >= 0)", "Days can't be negative."
    )
    _check_collection_bank_days = models.Constraint(
        "CHECK (collection_bank_days >= 0)",
        "The days until which the bank has to be up to date can't be negative.",
    )
