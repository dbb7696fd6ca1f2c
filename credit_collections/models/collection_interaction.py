from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..sql.open_items import OWED_WORDS, is_owed

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
WRITTEN = ("email", "sms", "letter", "portal")


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
        domain=f"[{OWED_WORDS}, ('partner_id.commercial_partner_id', '=', "
        "commercial_partner_id)]",
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
    case_id = fields.Many2one(
        "collection.case",
        ondelete="set null",
        index="btree_not_null",
        domain="[('profile_id', '=', profile_id), ('state', '!=', 'closed')]",
        help="The case that the contact was about.",
    )

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

    # not of profile_id: merging customers moves contacts before items and people
    @api.constrains("case_id", "move_line_ids", "partner_id")
    def _check_customer(self):
        for one in self.sudo():  # the contact was readable; its customer may not be
            if one.case_id and one.case_id.profile_id != one.profile_id:
                raise ValidationError(
                    self.env._(
                        "Case %(case)s is not one of %(customer)s.",
                        case=one.case_id.name,
                        customer=one.profile_id.partner_id.name,
                    )
                )
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
        interactions._find_case()
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

    def _find_case(self):
        """Put contacts about items of exactly one open case into that case."""
        for one in self.sudo():  # the case follows from the items, whoever owns it
            cases = one.move_line_ids.case_id
            cases = cases.filtered(lambda case: case.state != "closed")
            if not one.case_id and len(cases) == 1:
                one.case_id = cases

    # === ACTIONS === #

    def action_log(self):
        """Close the dialog; where the outcome is a promise, ask for it."""
        self.ensure_one()
        if self.outcome_id.is_promise:
            return self.action_promise()
        return {"type": "ir.actions.act_window_close"}

    def action_promise(self):
        self.ensure_one()
        items = self.move_line_ids.filtered(is_owed)
        if items:
            action = items.action_promise()
        else:
            action = (self.case_id or self.profile_id).action_promise()
        context = {
            **action["context"],
            "default_contact_id": self.partner_id.id,
        }
        return {**action, "context": context}
