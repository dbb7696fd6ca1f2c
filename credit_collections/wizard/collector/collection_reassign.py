from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...engine.collector.assignment import AMOUNT, CUSTOMERS, Customer, rebalance
from ...tools.client_actions import notification


class CollectionReassign(models.TransientModel):
    """Give many customers to other collectors, after a look at who moves where."""

    _name = "collection.reassign"
    _description = "Re-assign Customers"

    mode = fields.Selection(
        [("move", "Give to one collector"), ("rebalance", "Even out a team")],
        required=True,
        default="move",
    )
    profile_ids = fields.Many2many("credit.profile", string="Customers")
    profile_count = fields.Integer(
        "Customers Selected", compute="_compute_profile_count"
    )
    from_user_ids = fields.Many2many(
        "res.users", string="Customers Of", domain="[('share', '=', False)]"
    )
    user_id = fields.Many2one(
        "res.users", string="New Collector", domain="[('share', '=', False)]"
    )
    only_overdue = fields.Boolean("Only Overdue Customers", default=True)
    is_fixed = fields.Boolean(
        "Keep from Rules", help="Rules leave the customers alone from now on."
    )
    team_id = fields.Many2one("collection.team")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    balance = fields.Selection(
        [(CUSTOMERS, "Number of customers"), (AMOUNT, "Overdue amount")],
        string="Even Out By",
        required=True,
        default=CUSTOMERS,
    )
    line_ids = fields.One2many("collection.reassign.line", "reassign_id")
    is_previewed = fields.Boolean()

    @api.depends("profile_ids")
    def _compute_profile_count(self):
        for wizard in self:
            wizard.profile_count = len(wizard.profile_ids)

    # === ACTIONS === #

    def action_preview(self):
        """Fill in who would move, and show it."""
        self.ensure_one()
        self.env["credit.profile"]._check_may_reassign()
        moves = self._get_moves()
        if not moves:
            raise UserError(
                self.env._("The team is evened out already: nobody moves.")
                if self.mode == "rebalance"
                else self.env._("These collectors have no such customer: nobody moves.")
            )
        lines = [
            Command.create(
                {
                    "profile_id": profile.id,
                    "from_user_id": profile.collector_id.id,
                    "to_user_id": user.id,
                }
            )
            for profile, user in moves.items()
        ]
        self.write({"line_ids": [Command.clear(), *lines], "is_previewed": True})
        return self._reopen()

    def action_back(self):
        """Choose again."""
        self.ensure_one()
        self.write({"line_ids": [Command.clear()], "is_previewed": False})
        return self._reopen()

    def action_apply(self):
        """Move the customers that are left in the preview."""
        self.ensure_one()
        self.env["credit.profile"]._check_may_reassign()
        if not self.line_ids:
            raise UserError(self.env._("No customer is left in the preview."))
        for user, lines in self.line_ids.grouped("to_user_id").items():
            lines.profile_id._set_collector(user, is_fixed=self.is_fixed)
        return notification(
            self.env._("%s customers re-assigned.", len(self.line_ids)),
            follows={"type": "ir.actions.act_window_close"},
        )

    def _reopen(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_reassign_action"
        )
        return {**action, "res_id": self.id}

    # === WHO MOVES === #

    def _get_moves(self):
        """Return ``{profile: new collector}``, the largest overdue amounts first."""
        if self.mode == "rebalance":
            return self._get_balancing_moves()
        if not self.user_id:
            raise UserError(self.env._("Choose the new collector."))
        profiles = self._get_chosen()
        profiles = profiles.filtered(lambda one: one.collector_id != self.user_id)
        return dict.fromkeys(profiles.sorted(), self.user_id)

    def _get_chosen(self):
        """Return the selected customers, or all of the collectors that were chosen."""
        profiles = self.profile_ids
        if not profiles:
            if not self.from_user_ids:
                raise UserError(self.env._("Choose whose customers are to move."))
            domain = Domain("collector_id", "in", self.from_user_ids.ids)
            profiles = profiles.search(domain)
        elif self.from_user_ids:
            profiles = profiles.filtered(
                lambda one: one.collector_id in self.from_user_ids
            )
        if self.only_overdue:
            profiles = profiles.filtered(lambda one: one.overdue_amount > 0)
        return profiles

    def _get_balancing_moves(self):
        if not self.team_id:
            raise UserError(self.env._("Choose the team."))
        seats = self.team_id.member_ids._get_seats()
        profiles = self.env["credit.profile"].search(
            Domain("collector_id", "in", [seat.user_id for seat in seats])
            & Domain("company_id", "=", self.company_id.id)
            & Domain("overdue_amount", ">", 0)
            & Domain("is_collector_fixed", "=", False)
        )
        holdings = {
            user.id: [Customer(one.id, one.overdue_amount) for one in own]
            for user, own in profiles.grouped("collector_id").items()
        }
        office = self.env["collection.assignment.rule"]._get_office(
            self.company_id, profiles.ids
        )
        moves = rebalance(holdings, seats, self.balance, office.desks)
        users = self.env["res.users"]
        return {
            profile: users.browse(moves[profile.id])
            for profile in profiles
            if profile.id in moves
        }

    # === DEFAULTS === #

    @api.model
    def default_get(self, fields_list):
        """Take over the customers that were selected in a list."""
        values = super().default_get(fields_list)
        context = self.env.context
        if context.get("active_model") == "credit.profile" and not values.get(
            "profile_ids"
        ):
            values["profile_ids"] = [Command.set(context.get("active_ids", []))]
        return values
