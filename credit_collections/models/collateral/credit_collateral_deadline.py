from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import format_date

#: So many days ahead somebody is reminded.
DAYS_AHEAD = 30

DEADLINE_ACTIVITY = "credit_collections.mail_activity_collateral_deadline"


class CreditCollateral(models.Model):
    """What has to be done by when, or the insurer does not pay.

    The deadlines run from the due date of the customer's oldest unpaid item.
    """

    _inherit = "credit.collateral"

    extension_days = fields.Integer(
        "Longest Extension",
        help="An item may be put off for so many days after it was due. Beyond that it "
        "is not covered. 0: no such deadline.",
    )
    notice_days = fields.Integer(
        "Overdue Notice Within",
        help="Overdue items have to be reported within so many days after they were "
        "due. 0: no such deadline.",
    )
    claim_days = fields.Integer(
        "Claim Within",
        help="Claims have to be filed within so many days after the item was due. "
        "0: no such deadline.",
    )
    extension_date = fields.Date("Extend Until", readonly=True)
    notice_date = fields.Date("Report Until", readonly=True)
    claim_date = fields.Date("Claim Until", readonly=True)
    deadline_date = fields.Date(
        "Next Deadline", readonly=True, help="The first of all deadlines from today on."
    )
    deadline_kind = fields.Selection(
        [
            ("expiry", "Ends"),
            ("extension", "Last extension"),
            ("notice", "Report overdue items"),
            ("claim", "File the claim"),
        ],
        "What Is Due",
        readonly=True,
    )
    told_deadlines = fields.Json(
        readonly=True,
        copy=False,
        help="Deadlines that somebody was reminded of already, by kind.",
    )

    _check_days = models.Constraint(
        "CHECK (extension_days >= 0 AND notice_days >= 0 AND claim_days >= 0)",
        "Deadlines can't be a negative number of days.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        collaterals = super().create(vals_list)
        collaterals._refresh_deadlines()
        return collaterals

    def write(self, vals):
        res = super().write(vals)
        if {"extension_days", "notice_days", "claim_days", "date_to"} & vals.keys():
            self._refresh_deadlines()
        return res

    # === DEADLINES === #

    def _get_deadlines(self):
        """Return ``{kind: date}`` of this collateral, also those that are past."""
        self.ensure_one()
        deadlines = {"expiry": self.date_to}
        oldest_due = self.profile_id.oldest_due_date
        if oldest_due:
            for kind in ("extension", "notice", "claim"):
                days = self[f"{kind}_days"]
                deadlines[kind] = days and oldest_due + timedelta(days=days)
        return {kind: date for kind, date in deadlines.items() if date}

    def _refresh_deadlines(self):
        """Write the deadlines that follow from what the customers owe now."""
        for collateral in self.sudo():  # facts, whoever may write the collateral
            today = collateral.company_id._credit_today()
            deadlines = collateral._get_deadlines()
            ahead = {kind: day for kind, day in deadlines.items() if day >= today}
            kind = min(ahead, key=ahead.get, default=False)
            fresh = {
                "extension_date": deadlines.get("extension", False),
                "notice_date": deadlines.get("notice", False),
                "claim_date": deadlines.get("claim", False),
                "deadline_kind": kind,
                "deadline_date": ahead.get(kind, False),
            }
            if any(collateral[name] != value for name, value in fresh.items()):
                collateral.write(fresh)

    # === NIGHTLY === #

    def _remind(self):
        """Give an activity for each deadline ahead that nobody was reminded of yet."""
        for collateral in self:
            today = collateral.company_id._credit_today()
            last = today + timedelta(days=DAYS_AHEAD)
            told = dict(collateral.told_deadlines or {})
            for kind, day in collateral._get_deadlines().items():
                if today <= day <= last and told.get(kind) != str(day):
                    collateral._schedule_deadline(kind, day)
                    told[kind] = str(day)
            if told != (collateral.told_deadlines or {}):
                collateral.told_deadlines = told

    def _schedule_deadline(self, kind, day):
        user = self._get_responsible()
        env = self.with_context(lang=user.lang or self.env.lang).env
        self.activity_schedule(
            DEADLINE_ACTIVITY,
            date_deadline=day,
            summary=self.with_env(env)._explain_deadline(kind, day),
            user_id=user.id,
        )

    def _explain_deadline(self, kind, day):
        values = {
            "type": self.type_id.name,
            "customer": self.partner_id.name,
            "date": format_date(self.env, day),
        }
        if kind == "expiry":
            return self.env._(
                "%(type)s of %(customer)s ends on %(date)s: extend or replace it",
                **values,
            )
        if kind == "extension":
            return self.env._(
                "%(customer)s: the oldest item may be put off until %(date)s at most",
                **values,
            )
        if kind == "notice":
            return self.env._(
                "%(customer)s: report overdue items to the insurer until %(date)s",
                **values,
            )
        return self.env._(
            "%(customer)s: file the claim with the insurer until %(date)s", **values
        )

    def _get_responsible(self):
        """Return who is reminded: who entered the collateral, while working here."""
        author = self.create_uid
        if author.id != SUPERUSER_ID and author._get_present(self.company_id):
            return author
        return self.company_id._credit_approver()
