from odoo import fields, models
from odoo.exceptions import UserError


class CollectionEscalate(models.TransientModel):
    """Ask who is to look at a customer that the collector can't settle alone."""

    _name = "collection.escalate"
    _description = "Escalate a Customer"

    profile_ids = fields.Many2many("credit.profile", required=True)
    user_id = fields.Many2one(
        "res.users",
        string="To",
        required=True,
        default=lambda self: self._default_user_id(),
        domain="[('share', '=', False)]",
    )
    date = fields.Date(
        "By",
        required=True,
        default=lambda self: self._default_company()._credit_today(),
    )
    note = fields.Text("What Is to Be Decided", required=True)

    def _default_user_id(self):
        """The credit manager of the company of the customers."""
        company = self._default_company()
        return company.sudo()._credit_approver()  # settings and users, whoever asks

    def _default_company(self):
        """The company of the customers."""
        profile_ids = self.env.context.get("default_profile_ids", ())
        company = self.env["credit.profile"].browse(profile_ids[:1]).company_id
        return company or self.env.company.root_id

    def action_escalate(self):
        """Give each customer to the user, as a task with what is to be decided."""
        self.ensure_one()
        days = [company._credit_today() for company in self.profile_ids.company_id]
        if any(self.date < day for day in days):
            raise UserError(self.env._("Choose today or a day in the future."))
        self.profile_ids._check_may_collect()
        activity_type = self.env.ref("mail.mail_activity_data_todo")
        # checked above; the user becomes a follower, which asks for write rights
        self.env["mail.activity"].sudo().create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "res_model_id": self.env["ir.model"]._get_id("credit.profile"),
                    "res_id": profile.id,
                    "user_id": self.user_id.id,
                    "summary": self.env._("Decide about %s", profile.partner_id.name),
                    "note": self.note,
                    "date_deadline": self.date,
                    "automated": True,
                }
                for profile in self.profile_ids
            ]
        )
        return True
