from odoo import fields, models


class ResCompany(models.Model):
    """How long promises wait for the money, and who hears of broken ones."""

    _inherit = "res.company"

    collection_promise_grace_days = fields.Integer(
        "Grace of Promises",
        default=3,
        help="Working days after the promised day on which money still keeps the "
        "promise.",
        prefetch="credit",
        groups="base.group_user",
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
        groups="base.group_user",
    )
    collection_promise_notice = fields.Selection(
        [("none", "Nobody"), ("email", "By e-mail"), ("sms", "By SMS")],
        string="Tell Customers of Broken Promises",
        required=True,
        default="none",
        help="Customers who may not be contacted are not told.",
        prefetch="credit",
        groups="base.group_user",
    )

    _check_collection_promise = models.Constraint(
        "CHECK (collection_promise_grace_days BETWEEN 0 AND 90)",
        "The days of grace of promises are between 0 and 90.",
    )
