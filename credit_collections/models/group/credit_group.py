from odoo import api, fields, models
from odoo.exceptions import UserError


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
        for vals in vals_list:
            self._check_may_write(vals)
        groups = super().create(vals_list)
        groups._on_created()
        return groups

    def write(self, vals):
        self._check_may_write(vals)
        res = super().write(vals)
        self._on_written(set(vals))
        return res

    def _check_may_write(self, vals):
        """Refuse figures to everybody, and to archive a group that has members.

        Override to refuse more. New groups are asked with an empty recordset.
        """
        self._check_no_figures(vals)
        if vals.get("active", True):
            return
        busy = self.filtered("member_count")
        if busy:
            raise UserError(
                self.env._(
                    "%(groups)s has members whose limit it is. Take them out before "
                    "you archive the group.",
                    groups=", ".join(busy.mapped("name")),
                )
            )

    def _get_figures_refusal(self):
        return self.env._("The figures of a group come from its members, not by hand.")

    def _on_created(self):
        """React to new groups; override after ``super()``."""

    def _on_written(self, names):
        """React to what was written; override after ``super()``.

        :param set names: fields that were written
        """

    # === MEMBERS === #

    def _members_of_all(self):
        """Return all members, as superuser and archived ones too: the limit of a group
        is one for all companies, whoever looks at it."""
        members_sudo = self.env["credit.profile"].sudo().with_context(active_test=False)
        return members_sudo.search([("group_id", "in", self.ids)])
