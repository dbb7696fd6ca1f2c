from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import AccessError


class CreditProfile(models.Model):
    """When the credit of the customer is looked at again."""

    _inherit = "credit.profile"

    last_review_date = fields.Date(
        "Last Review", tracking=True, copy=False, help="“Review Done” sets it."
    )
    next_review_date = fields.Date(
        "Next Review",
        tracking=True,
        copy=False,
        index="btree_not_null",
        help="By the cycle of the risk class; another day can be chosen.",
    )
    review_months = fields.Integer(related="risk_class_id.review_months")

    def action_review_done(self):
        """Note that these customers were reviewed today, and when they are next."""
        self._check_may_review()
        today = fields.Date.context_today(self)
        for profile in self:
            months = profile.risk_class_id.review_months
            profile.write(
                {
                    "last_review_date": today,
                    "next_review_date": months and today + relativedelta(months=months),
                }
            )

    def _check_may_review(self):
        if not self.env.su and not self.env.user.has_group(
            "credit_collections.group_credit_controller"
        ):
            raise AccessError(
                self.env._("Only credit controllers and managers review customers.")
            )
        self.check_access("write")
