from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.run import collection, guard
from ...tools.client_actions import open_dialog

#: States of actions that reached the customer, or are on the way.
DONE = ("queued", "sent")


class CollectionAction(models.Model):
    """One contact with one customer: planned, done, or why not."""

    _name = "collection.action"
    _description = "Collection Action"
    _inherit = ["credit.record.mixin", "collection.channel.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"

    # no index of its own: the unique one begins with it
    run_id = fields.Many2one(
        "collection.run", required=True, index=False, ondelete="cascade", readonly=True
    )
    profile_id = fields.Many2one(
        "credit.profile",
        required=True,
        index=True,
        ondelete="restrict",  # who was contacted stays on record
        readonly=True,
    )
    commercial_partner_id = fields.Many2one(
        related="profile_id.partner_id", string="Customer"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        readonly=True,
        help="Who is written to or called.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    strategy_id = fields.Many2one("collection.strategy", readonly=True)
    step_id = fields.Many2one("collection.step", readonly=True, ondelete="restrict")
    level = fields.Integer(readonly=True)
    channel = fields.Selection(readonly=True)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("skipped", "Not contacted"),
            ("queued", "Queued"),
            ("sent", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Dropped"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="planned",
    )
    skip_reason = fields.Selection(
        lambda self: self._selection_skip_reason(),
        string="Why Not",
        readonly=True,
        help="The first reason, in the published order, why the customer was not "
        "contacted.",
    )
    amount = fields.Monetary(
        readonly=True, help="What the items come to, less what is not matched yet."
    )
    credit_amount = fields.Monetary(
        "Unapplied",
        readonly=True,
        help="Payments and credit notes that are not matched to the items yet.",
    )
    item_count = fields.Integer("Items", readonly=True)
    cost = fields.Float(readonly=True, help="In the currency of the company.")
    line_ids = fields.One2many("collection.action.line", "action_id", readonly=True)
    fee_amount = fields.Monetary(
        "Fee", readonly=True, help="Reminder fee that the text names. Not booked."
    )
    interest_amount = fields.Monetary(
        "Interest",
        readonly=True,
        help="Interest on the items until the day of the run, that the text names. Not "
        "booked.",
    )
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, ondelete="set null", index="btree_not_null"
    )
    done_date = fields.Datetime("Done On", readonly=True)
    error = fields.Char(readonly=True)
    is_edited = fields.Boolean(
        "Changed by Hand",
        readonly=True,
        help="Step, channel or contact were changed; planning again keeps them.",
    )
    planned_item_ids = fields.Many2many(
        "account.move.line",
        string="Items to List",
        compute="_compute_planned_item_ids",
        help="What the customer would be reminded of now. It is read again at the "
        "moment of sending.",
    )

    _once_per_run = models.UniqueIndex("(run_id, profile_id)")
    # late in a run nearly all are done, and the next ones are behind them
    _planned_idx = models.Index("(run_id, id) WHERE state = 'planned'")
    _waiting_idx = models.Index("(profile_id) WHERE state = 'queued'")
    _shown_idx = models.Index("(run_id, state, amount DESC, id)")

    @api.depends("state", "level", "strategy_id")
    def _compute_planned_item_ids(self):
        listed = {}
        planned = self.filtered(lambda action: action.state == "planned")
        for run, actions in planned.grouped("run_id").items():
            listed.update(run._get_listed_items(actions))
        for action in self:
            items = action.planned_item_ids.browse(listed.get(action._origin.id, ()))
            # of branches that the user may not open nothing is shown
            action.planned_item_ids = items._filtered_access("read")

    def _selection_skip_reason(self):
        return [
            (guard.LEGAL, self.env._("Legal or insolvent")),
            (guard.DO_NOT_CONTACT, self.env._("Not to be contacted yet")),
            (guard.EXCLUDED, self.env._("All items excluded")),
            (guard.DISPUTED, self.env._("All items disputed")),
            (guard.PROMISED, self.env._("Payment promised")),
            (guard.NET_CREDIT, self.env._("Account in credit")),
            (guard.BELOW_MINIMUM, self.env._("Below the minimum")),
            (guard.WAITING, self.env._("Something is on its way already")),
            (guard.QUIET_DAYS, self.env._("Contacted a few days ago")),
            (guard.BANK_NOT_RECONCILED, self.env._("Bank not reconciled up to date")),
            (guard.ARCHIVED, self.env._("Customer is archived")),
            (guard.NO_ADDRESS, self.env._("No address for the channel")),
            (collection.PAID, self.env._("Paid in the meantime")),
            (collection.NOT_DUE, self.env._("No longer due")),
        ]

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_record(self):
        if not self.env.su:
            self.run_id._check_not_begun()

    def _merge_with(self, others):
        """Take over what other actions of the run did, whose customers are merged with
        this one; they are removed."""
        done = others.filtered(lambda action: action.state in DONE)
        if done:
            done.line_ids.action_id = self
            sums = ("amount", "credit_amount", "item_count", "cost")
            self.write(
                {
                    name: sum((self + done).mapped(name))
                    for name in (*sums, "fee_amount", "interest_amount")
                }
            )
        others.unlink()

    # === ACTIONS === #

    def action_drop(self):
        """Take customers out of a run that is planned."""
        self._check_may_drop()
        if any(action.state != "planned" for action in self):
            raise UserError(self.env._("Only what is still planned can be dropped."))
        self._set_state("cancelled")
        return True

    def action_take_back(self):
        """Put customers who were dropped back into the run."""
        self._check_may_drop()
        if any(
            action.state != "cancelled" or action.run_id.state != "planned"
            for action in self
        ):
            raise UserError(
                self.env._("Only what was dropped from a planned run can be put back.")
            )
        self._set_state("planned")
        return True

    def action_log_contact(self):
        """Log the call that a run scheduled, which closes it."""
        self.ensure_one()
        action = self.profile_id.action_log_contact()
        context = {
            **action["context"],
            "default_action_id": self.id,
            "default_partner_id": self.partner_id.id,
            "default_move_line_ids": self.line_ids.move_line_id.ids,
        }
        return {**action, "context": context}

    def action_edit(self):
        """Ask what is to be done instead."""
        self._check_may_drop()
        return open_dialog(
            self.env,
            "collection.action.edit",
            self.env._("Change"),
            action_ids=self.ids,
        )

    def _edit(self, step=None, channel=None, contact=None):
        """Do another step, on another channel, or contact somebody else.

        :raise UserError: for what is not planned any more, steps of other strategies
            and channels that the step has no text for
        """
        self._check_may_drop()
        # who is contacted is no secret of those who may run
        addresses = self.sudo().profile_id._get_contacts()
        channels = self._get_channels()
        for action in self:
            if action.state != "planned" or action.run_id.state != "planned":
                raise UserError(
                    self.env._("Only what is still planned can be changed.")
                )
            step_sudo = step or action.step_id
            if step_sudo.strategy_id != action.strategy_id:
                raise UserError(
                    self.env._(
                        "“%(step)s” is no step of the strategy of %(customer)s.",
                        step=step_sudo.name,
                        customer=action.commercial_partner_id.name,
                    )
                )
            step_sudo._check_has_text(channel or step_sudo.channel)
            new_channel = channel or (step_sudo.channel if step else action.channel)
            partner_id = contact.id if contact else action.partner_id.id
            if not contact and new_channel != action.channel:
                # who has an e-mail address need not have one for letters
                found = addresses[action.profile_id.id]
                partner_id = found.get(channels[new_channel].need) or partner_id
            values = {
                "is_edited": True,
                "step_id": step_sudo.id,
                "level": step_sudo.level,
                "channel": new_channel,
                "partner_id": partner_id,
            }
            action.sudo().write(values)  # checked above

    def _keep_edited(self, row):
        """Return new values of the plan, but those that somebody chose."""
        if not self.is_edited:
            return row
        chosen = {
            "step_id": self.step_id.id,
            "level": self.level,
            "channel": self.channel,
            "partner_id": self.partner_id.id or None,
        }
        if row["skip_reason"] in guard.UNREACHABLE:
            chosen.update(state="planned", skip_reason=None)
        return {**row, **chosen}

    def _check_may_drop(self):
        self.check_access("read")
        self.run_id._check_may_run()
        self.run_id._check_not_planning()

    # === DO === #

    def _do(self, due):
        """Do those of the actions that are ``due``; override to contact customers.

        :param due: what is left of the actions after they were planned again
        """

    # === STATE === #

    def _get_state_ways(self):
        """Plans write states by statement too: those of a batch of actions at once."""
        return {
            **super()._get_state_ways(),
            "planned": {"cancelled"},
            "cancelled": {"planned"},
            "skipped": {"planned", "queued"},
            "queued": {"planned"},
            "sent": {"queued", "failed"},
            "failed": {"planned", "queued", "sent"},
        }
