from odoo import api, fields, models

from ...sql.limit.credit_group import refresh_groups, refresh_room

#: A change of one of these changes the limits of the members.
LIMIT_FIELDS = {"credit_limit", "currency_id"}


class CreditGroup(models.Model):
    """Customers that share one limit, maybe in several companies."""

    _name = "credit.group"
    _description = "Credit Group"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "credit.feature.mixin",
        "credit.record.mixin",
    ]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    credit_limit = fields.Monetary(
        "Shared Limit",
        tracking=True,
        help="What all members may owe together. It is checked before a member's own "
        "limit. Zero allows nothing.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    expiry_date = fields.Date(
        "Limit Expires On",
        tracking=True,
        help="Last day of the shared limit. Members take it over.",
    )
    profile_ids = fields.One2many("credit.profile", "group_id", string="Members")
    note = fields.Html("Internal Notes")

    # === FIGURES: written by the refresh alone === #

    effective_limit = fields.Monetary(
        "Limit Today",
        readonly=True,
        help="The temporary limit of the group while one is in force, else its limit.",
        figure=True,
    )
    temporary_until = fields.Date("Temporary Limit Until", readonly=True, figure=True)
    exposure = fields.Monetary(
        readonly=True,
        help="What all members owe together, in all companies.",
        figure=True,
    )
    overdue_amount = fields.Monetary("Overdue", readonly=True, figure=True)
    available_credit = fields.Monetary(
        "Available",
        readonly=True,
        help="Limit less exposure; negative when over.",
        figure=True,
    )
    limit_used = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Exposure as a share of the limit.",
        figure=True,
    )
    decision_count = fields.Integer(
        readonly=True,
        aggregator=None,
        copy=False,
        help="Number of decisions on orders of members. Each one writes it, so that no "
        "two members take the same credit.",
        figure=True,
    )

    _check_credit_limit = models.Constraint(
        "CHECK (credit_limit >= 0)",
        "The shared limit of a credit group can't be negative.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        groups._refresh_figures()
        return groups

    def write(self, vals):
        self._check_may_write(vals)
        res = super().write(vals)
        if LIMIT_FIELDS.intersection(vals):
            self._on_limits_changed()
        if vals.get("expiry_date"):
            self._members_of_all().limit_expiry_date = vals["expiry_date"]
        return res

    # === WHAT FOLLOWS === #

    def _members_of_all(self):
        """Return all members, as superuser and archived ones too: the limit of a group
        is one for all companies, whoever looks at it."""
        members_sudo = self.env["credit.profile"].sudo().with_context(active_test=False)
        return members_sudo.search([("group_id", "in", self.ids)])

    def _on_limits_changed(self):
        """Bring the limits of the members up to date, here and in core."""
        for company, members in self._members_of_all().grouped("company_id").items():
            members._refresh_figures(company, members.partner_id.ids)
        self._refresh_figures()

    def _refresh_figures(self, everybody=False):
        """Write what the members owe together, and what that leaves to each of them.

        :param everybody: all groups instead of these
        :return: the groups that changed
        """
        profiles = self.env["credit.profile"]
        profiles._flush_exposure_fields()
        profiles.flush_model()
        self.flush_model()
        today = self.env["res.company"]._credit_today()
        statement = refresh_groups(today, None if everybody else self.ids)
        rows = self.env.execute_query(statement)
        changed = self.browse(row[0] for row in rows)
        changed.invalidate_recordset(flush=False)
        if changed:
            changed._refresh_room(today)
        return changed

    def _refresh_room(self, today):
        for company in self._members_of_all().company_id:
            statement = refresh_room(company._credit_pot(today), self.ids)
            rows = self.env.execute_query(statement)
            profiles = self.env["credit.profile"].browse(row[0] for row in rows)
            profiles.invalidate_recordset(["available_credit"], flush=False)
