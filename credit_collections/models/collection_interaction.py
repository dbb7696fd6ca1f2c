from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..engine import guard
from ..sql.interaction import insert_of_actions, write_last_contact_days

CHANNELS = [
    ("call", "Call"),
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("letter", "Letter"),
    ("visit", "Visit"),
    ("portal", "Portal"),
    ("other", "Other"),
]

#: Channels on which somebody has to be there to be reached.
SPOKEN = {"call", "visit"}

#: Channels of runs that have reached the customer when the action is done.
WRITTEN = ("email", "sms", "letter")


class CollectionInteraction(models.Model):
    """A contact with a customer: when, who, how, with whom, and what came of it."""

    _name = "collection.interaction"
    _description = "Contact with a Customer"
    _order = "date desc, id desc"

    profile_id = fields.Many2one(
        "credit.profile", required=True, index=True, ondelete="cascade"
    )
    commercial_partner_id = fields.Many2one(
        related="profile_id.partner_id", string="Customer"
    )
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Spoken To",
        help="Who of the customer was spoken to or written to.",
    )
    date = fields.Datetime(
        required=True, default=lambda self: fields.Datetime.now(), index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    channel = fields.Selection(CHANNELS, required=True, default="call")
    direction = fields.Selection(
        [("out", "To the customer"), ("in", "From the customer")],
        required=True,
        default="out",
    )
    outcome_id = fields.Many2one(
        "credit.reason", domain="[('kind', '=', 'outcome')]", ondelete="restrict"
    )
    is_reached = fields.Boolean(
        "Reached",
        compute="_compute_is_reached",
        store=True,
        help="Somebody of the customer was spoken to, or it was written to them.",
    )
    agreed = fields.Text("What Was Agreed")
    next_date = fields.Date(
        "Next Contact", help="Schedules an activity for the owner of the customer."
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "collection_interaction_item_rel",
        "interaction_id",
        "move_line_id",
        string="Items",
        domain="[('account_type', '=', 'asset_receivable'),"
        " ('parent_state', '=', 'posted'), ('amount_residual', '>', 0),"
        " ('partner_id.commercial_partner_id', '=', commercial_partner_id)]",
    )
    action_id = fields.Many2one(
        "collection.action",
        string="Action of a Run",
        readonly=True,
        ondelete="set null",
    )
    promise_id = fields.Many2one(
        "collection.promise",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The promise that the customer was told about.",
    )
    guard_reason = fields.Selection(
        lambda self: self.env["collection.action"]._selection_skip_reason(),
        string="Contacted in Spite Of",
        readonly=True,
    )
    override_reason = fields.Char(
        "Contacted Anyway Because", help="Only credit managers decide that."
    )
    guard_warning = fields.Char(compute="_compute_guard_warning")
    may_override = fields.Boolean(compute="_compute_may_override")

    _once_per_action = models.UniqueIndex("(action_id) WHERE action_id IS NOT NULL")

    # === COMPUTE === #

    @api.depends("profile_id", "channel", "date")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for one in self:
            day = fields.Datetime.context_timestamp(one, one.date).date()
            one.display_name = (
                f"{one.commercial_partner_id.name}, {channels[one.channel]} {day}"
            )

    @api.depends("outcome_id", "channel")
    def _compute_is_reached(self):
        for one in self:
            is_spoken = one.channel in SPOKEN
            one.is_reached = (
                one.outcome_id.is_reached if one.outcome_id else not is_spoken
            )

    @api.depends("profile_id", "channel", "direction", "action_id")
    def _compute_guard_warning(self):
        labels = dict(self._fields["guard_reason"]._description_selection(self.env))
        reasons = self._get_guard_reasons()
        for one in self:
            one.guard_warning = labels.get(reasons[one]) or False

    @api.depends_context("uid")
    def _compute_may_override(self):
        self.may_override = self._may_override()

    # === CONSTRAINTS === #

    @api.constrains("date", "next_date")
    def _check_dates(self):
        today = fields.Date.context_today(self)
        now = fields.Datetime.add(fields.Datetime.now(), minutes=5)
        for one in self:
            if one.date > now:
                raise ValidationError(
                    self.env._("Log a contact when it was made, not before.")
                )
            if one.next_date and one.next_date < min(today, one.date.date()):
                raise ValidationError(
                    self.env._("The next contact can't be before this one.")
                )

    @api.constrains("move_line_ids", "partner_id", "profile_id")
    def _check_customer(self):
        for one in self.sudo():  # the contact was readable; its customer may not be
            theirs = one.move_line_ids.partner_id | one.partner_id
            if theirs.commercial_partner_id - one.profile_id.partner_id:
                raise ValidationError(
                    self.env._(
                        "The items and the contact have to be those of %s.",
                        one.profile_id.partner_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        interactions = super().create(vals_list)
        if not self.env.su:
            interactions._check_author()
            interactions._check_guard()
        interactions._on_logged()
        return interactions

    def write(self, vals):
        if not self.env.su:
            self._check_author()
            if {"profile_id", "action_id", "promise_id", "guard_reason"} & vals.keys():
                raise UserError(self.env._("Log another contact instead."))
        res = super().write(vals)
        if not self.env.su:
            self._check_author()
        if {"channel", "direction", "override_reason"} & vals.keys():
            if not self.env.su:
                self._check_guard()
        if {"next_date", "outcome_id", "channel", "date", "direction"} & vals.keys():
            self._on_corrected()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_runs(self):
        if not self.env.su and self.action_id:
            raise UserError(
                self.env._("What runs did is on record and can't be deleted.")
            )

    def _check_author(self):
        """Everybody logs their own contacts; managers correct those of others."""
        if not self._may_override() and self.user_id - self.env.user:
            raise AccessError(
                self.env._("Only credit managers log or correct contacts of others.")
            )

    # === GUARD === #

    def _may_override(self):
        return self.env.su or self.env.user.has_group(
            "credit_collections.group_credit_manager"
        )

    def _get_guard_reasons(self):
        """Return ``{interaction: reason or None}``; nobody is asked who calls us."""
        reasons = dict.fromkeys(self)
        outgoing = self.filtered(lambda one: one.direction == "out" and one.profile_id)
        for channel, some in outgoing.grouped("channel").items():
            # whether one may call is no secret of those who log the call
            profiles = some.profile_id._origin.sudo()
            expected = set(profiles._get_expecting().ids)
            found = profiles._guard_reasons(channel, expected)
            # whoever made the contact had an address
            for one in some:
                reason = found[one.profile_id._origin.id]
                reasons[one] = None if reason == guard.NO_ADDRESS else reason
        return reasons

    def _check_guard(self):
        """Refuse contacts that the guard refuses, unless a manager says why not."""
        labels = dict(self._fields["guard_reason"]._description_selection(self.env))
        for one, reason in self._get_guard_reasons().items():
            if not reason:
                continue
            if not self._may_override():
                raise UserError(
                    self.env._(
                        "%(customer)s may not be contacted: %(reason)s. Only a credit "
                        "manager can decide otherwise.",
                        customer=one.commercial_partner_id.name,
                        reason=labels[reason],
                    )
                )
            if not one.override_reason:
                raise UserError(
                    self.env._(
                        "%(customer)s may not be contacted: %(reason)s. Say why they "
                        "are contacted anyway.",
                        customer=one.commercial_partner_id.name,
                        reason=labels[reason],
                    )
                )
            one.sudo().guard_reason = reason  # on record, nobody writes it by hand

    # === ACTIONS === #

    def action_log(self):
        """Close the dialog; where the outcome is a promise, ask for it."""
        self.ensure_one()
        if self.outcome_id.is_promise:
            return self.action_promise()
        return {"type": "ir.actions.act_window_close"}

    def action_promise(self):
        self.ensure_one()
        items = self.move_line_ids.filtered(lambda item: item.amount_residual > 0)
        action = items.action_promise() if items else self.profile_id.action_promise()
        context = {
            **action["context"],
            "default_contact_id": self.partner_id.id,
        }
        return {**action, "context": context}

    # === WHAT FOLLOWS === #

    def _on_logged(self):
        """Count for the quiet days, and do what was agreed."""
        self._write_last_contacts()
        self._close_what_was_due()
        self._follow_up()

    def _on_corrected(self):
        self._write_last_contacts()
        self._follow_up()

    def _write_last_contacts(self):
        """Write the day of contacts that reached out to the customer."""
        reached = self.filtered(lambda one: one.direction == "out" and one.is_reached)
        if reached:
            rows = [
                (
                    one.profile_id.id,
                    fields.Datetime.context_timestamp(one, one.date).date(),
                )
                for one in reached
            ]
            self.env["credit.profile"].flush_model(["last_contact_date"])
            self.env.cr.execute(write_last_contact_days(rows))
            reached.profile_id.invalidate_recordset(["last_contact_date"], flush=False)

    # === RUNS === #

    @api.model
    def _log_actions(self, actions, note=None):
        """Log what a run did, in one statement; what was logged already stays.

        :param note: what was said, default the name of the step
        """
        if actions:
            actions.flush_recordset()
            actions.line_ids.flush_recordset()
            statement = insert_of_actions(actions.ids, self.env.uid, note)
            self.flush_model()
            self.env.execute_query(statement)
            self.invalidate_model(flush=False)
            actions.profile_id.invalidate_recordset(["interaction_ids"], flush=False)
