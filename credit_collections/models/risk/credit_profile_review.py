from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...sql.risk import review
from ...tools import access
from ...tools.access import CONTROLLER, require

#: Type of the activities that say what ends or is to be looked at again.
REVIEW_ACTIVITY = "credit_collections.mail_activity_credit_review"


class CreditProfile(models.Model):
    """When the credit of the customer is looked at again, and who is told."""

    _inherit = "credit.profile"

    last_review_date = fields.Date(
        "Last Review",
        tracking=True,
        copy=False,
        help="“Review Done” sets it.",
        groups=access.OFFICE,
    )
    # found by the index: the few reviews that are due, among all that will ever be
    next_review_date = fields.Date(
        "Next Review",
        tracking=True,
        copy=False,
        index="btree_not_null",
        help="By the cycle of the risk class; another day can be chosen.",
        groups=access.OFFICE,
    )

    def action_review_done(self):
        """Note that these customers were reviewed today, and when they are next."""
        self._check_may_review()
        for (months, today), profiles in self.grouped(
            lambda one: (
                one.risk_class_id.review_months,
                one.company_id._credit_today(),
            )
        ).items():
            coming = months and today + relativedelta(months=months)
            profiles.write({"last_review_date": today, "next_review_date": coming})
        self._close_review_activities()
        return True

    def _check_may_review(self):
        require(
            self.env,
            self.env._("Only credit controllers and managers review customers."),
            CONTROLLER,
        )
        self.check_access("write")

    def _close_review_activities(self):
        # whoever reviews does the task of the one who was told
        notices_sudo = self.env["credit.review.notice"].sudo()
        done = notices_sudo.search(
            [
                ("profile_id", "in", self.ids),
                ("kind", "=", "review"),
                ("activity_id", "!=", False),
            ]
        )
        activities = done.activity_id.filtered("active").with_user(self.env.user)
        activities.sudo()._action_done()  # activities of colleagues too

    # === WHAT COMES UP === #

    @api.model
    def _review_kinds(self):
        """Return ``(kind, label)`` of all that can be on the list of reviews."""
        # no tuples: Odoo exports a string in a bracket behind a marked one as a term
        labels = {
            "review": self.env._("Review of the customer"),
            "limit": self.env._("Limit expires"),
            "temporary": self.env._("Temporary limit ends"),
            "group": self.env._("Limit of the group expires"),
            "collateral": self.env._("Collateral ends"),
        }
        return list(labels.items())

    @api.model
    def _review_parts(self, day_at):
        """Return ``(kind, number, SQL)`` of everything that can be on the list.

        :param day_at: function of the expression of a company that returns its day

        Override it and ``_review_kinds`` to add a part, with a number of its own from
        5 to 15; see ``sql.review.review_list`` for the columns of its select.
        """
        return [
            ("review", 0, review.customer_reviews()),
            ("limit", 1, review.expiring_limits()),
            ("temporary", 2, review.ending_temporaries(day_at)),
            ("group", 3, review.expiring_groups()),
            ("collateral", 4, review.ending_collateral()),
        ]

    # === NIGHTLY === #

    @api.model
    def _tell_of_reviews(self, root):
        """Give the credit manager of a root company an activity for all that comes up,
        once for each; the same number of queries for one and for many.

        :return: the activities
        """
        self.env.flush_all()
        today = root._credit_today()

        def day_at(company):
            return SQL("%s::date", today)

        statement = review.not_told(self._review_parts(day_at), day_at, today, root.id)
        rows = self.env.execute_query(statement)
        manager = root._credit_approver()
        activities = self._schedule_reviews(rows, manager)
        self.env["credit.review.notice"].create(
            [
                {
                    "kind": kind,
                    "profile_id": profile_id,
                    "date": date,
                    "activity_id": activity.id,
                }
                for (kind, profile_id, date), activity in zip(
                    rows, activities, strict=True
                )
            ]
        )
        return activities

    @api.model
    def _schedule_reviews(self, rows, manager):
        kind = self.env.ref(REVIEW_ACTIVITY, raise_if_not_found=False)
        env = self.with_context(lang=manager.lang or self.env.lang).env
        words = dict(self.with_env(env)._review_kinds())
        # activities name their customers one by one: have the names at hand
        self.browse(row[1] for row in rows).mapped("display_name")
        # no e-mail for each of them; not activity_schedule, which takes one summary
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        return activities.create(
            [
                {
                    "activity_type_id": (kind or self._default_activity_type()).id,
                    "automated": True,
                    "date_deadline": date,
                    "res_id": profile_id,
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "summary": env._(
                        "%(what)s on %(day)s",
                        what=words.get(what, what),
                        day=format_date(env, date),
                    ),
                    "user_id": manager.id,
                }
                for what, profile_id, date in rows
            ]
        )
