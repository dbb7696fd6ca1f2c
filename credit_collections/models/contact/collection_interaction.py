from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...engine.run.contact_kinds import PAPER
from ...engine.strategy.channels import BY_HAND
from ...sql.contact.interaction import insert_of_actions
from ...sql.hub.open_items import OWED_WORDS

CHANNELS = [
    ("call", "Call"),
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("letter", "Letter"),
    ("visit", "Visit"),
    ("portal", "Portal"),
    ("other", "Other"),
]


class CollectionInteraction(models.Model):
    """A contact with a customer: when, who, how, with whom, and what came of it."""

    _name = "collection.interaction"
    _description = "Contact with a Customer"
    _order = "date desc, id desc"

    _credit_born_with = {"action_id": "the call of a run that somebody made"}

    profile_id = fields.Many2one(
        "credit.profile",
        required=True,
        index=True,
        ondelete="restrict",  # what was said stays on record
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
    activity_id = fields.Many2one(
        "mail.activity",
        string="Next Activity",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
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
        channels = self._get_channels()
        for one in self:
            is_spoken = one.channel in channels and channels[one.channel].is_spoken
            one.is_reached = (
                one.outcome_id.is_reached if one.outcome_id else not is_spoken
            )

    @api.model
    def _get_channels(self):
        """Return all channels of the log, ``{name: Channel}``: those of steps too."""
        return {**self.env["collection.step"]._get_channels(), **BY_HAND}

    # === CONSTRAINTS === #

    @api.constrains("date", "next_date")
    def _check_dates(self):
        now = fields.Datetime.add(fields.Datetime.now(), minutes=5)
        for one in self:
            if one.date > now:
                raise ValidationError(
                    self.env._("Log a contact when it was made, not before.")
                )
            today = one.company_id._credit_today()
            day = one.company_id._credit_day_of(one.date)
            if one.next_date and one.next_date < min(today, day):
                raise ValidationError(
                    self.env._("The next contact can't be before this one.")
                )

    # not of profile_id: merging customers moves contacts before items and people
    @api.constrains("move_line_ids", "partner_id")
    def _check_customer(self):
        # the contact was readable; its customer may not be
        for one_sudo in self.sudo():
            theirs_sudo = one_sudo.move_line_ids.partner_id | one_sudo.partner_id
            theirs_sudo |= one_sudo.action_id.profile_id.partner_id
            if theirs_sudo.commercial_partner_id - one_sudo.profile_id.partner_id:
                raise ValidationError(
                    self.env._(
                        "The items and the contact have to be those of %s.",
                        one_sudo.profile_id.partner_id.name,
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
            if self._get_fixed_fields() & vals.keys():
                raise UserError(self.env._("Log another contact instead."))
        res = super().write(vals)
        if not self.env.su:
            self._check_author()
            if {"channel", "direction", "kind", "override_reason"} & vals.keys():
                self._check_guard()
        if self._get_counting_fields() & vals.keys():
            self._on_corrected()
        return res

    def unlink(self):
        activities_sudo = self.activity_id.sudo()  # of the contacts that may be deleted
        profiles = self.profile_id
        res = super().unlink()
        activities_sudo.unlink()
        profiles._refresh_last_contacts()
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

    @api.model
    def _get_fixed_fields(self):
        """Return what is not corrected by hand; override to add fields."""
        return {"profile_id", "action_id", "guard_reason"}

    # === ACTIONS === #

    def action_log(self):
        """Close the dialog, or go on with what the contact led to."""
        self.ensure_one()
        return self._get_following_action() or {"type": "ir.actions.act_window_close"}

    def _get_following_action(self):
        """Return the action that follows from the outcome; override to add some."""
        return None

    # === NEXT CONTACT === #

    def _follow_up(self):
        """Schedule, move or take away the activities of the next contacts."""
        # collectors may not write profiles, on which the activities are
        contacts_sudo = self.sudo()
        coming = contacts_sudo.filtered("next_date")
        (contacts_sudo - coming).activity_id.unlink()
        for one in coming:
            one.activity_id.date_deadline = one.next_date
        coming.filtered(
            lambda one: (
                not one.activity_id and one.next_date >= one.company_id._credit_today()
            )
        )._schedule_next()

    def _schedule_next(self):
        """Schedule the next contacts; who schedules one for himself gets no mail."""
        by_owner = self.grouped(lambda one: one._get_next_owner() == self.env.user)
        for is_own, contacts in by_owner.items():
            activities = self.env["mail.activity"].with_context(
                mail_activity_quick_update=is_own
            )
            activities = activities.create(
                [one._prepare_next_activity() for one in contacts]
            )
            for one, activity in zip(contacts, activities, strict=True):
                one.activity_id = activity

    def _prepare_next_activity(self):
        kind = "call" if self.channel == "call" else "todo"
        activity_type = self.env.ref(f"mail.mail_activity_data_{kind}")
        return {
            "activity_type_id": activity_type.id,
            "res_model_id": self.env["ir.model"]._get_id("credit.profile"),
            "res_id": self.profile_id.id,
            "user_id": self._get_next_owner().id,
            "summary": self.outcome_id.name or self.env._("Next contact"),
            "note": self.agreed or activity_type.default_note,
            "date_deadline": self.next_date,
            "automated": True,
        }

    def _get_next_owner(self):
        owner = self.profile_id.collector_id or self.user_id
        return owner._get_workers(self.profile_id.company_id).get(owner, owner)

    def _close_what_was_due(self):
        """Close the call of a run that this is, and what was agreed for until now."""
        # activities of colleagues are closed as well: the contact was made
        contacts_sudo = self.sudo()
        due = contacts_sudo.filtered("is_reached")._get_due_before()
        for one in contacts_sudo:
            call = one.action_id.filtered(lambda action: action.state == "queued")
            earlier = due.get(one.profile_id, self.browse()) - one
            if not one.is_reached:
                earlier = self.browse()
            activities = call.activity_id | earlier.activity_id
            if activities:
                # the colleague is on record as the one who did it
                activities.with_user(one.user_id).sudo()._action_done(
                    feedback=one.outcome_id.name or one.agreed
                )

    def _get_due_before(self):
        """Return ``{profile: contacts whose next one was due by now}``."""
        found = self.search(
            Domain("profile_id", "in", self.profile_id.ids)
            & Domain("activity_id", "!=", False)
            & self.env["res.company"]._credit_day_domain("next_date", "<=")
        )
        return found.grouped("profile_id")

    # === WHAT FOLLOWS === #

    def _on_logged(self):
        """Count for the quiet days, and do what was agreed."""
        self.filtered("is_counted").profile_id._refresh_last_contacts()
        self.filtered(lambda one: one.kind != PAPER)._close_what_was_due()
        self._follow_up()

    def _on_corrected(self):
        self.profile_id._refresh_last_contacts()
        self._follow_up()

    # === RUNS === #

    @api.model
    def _log_actions(self, actions, note=None):
        """Log what a run did, in one statement; what was logged already stays.

        :param note: what was said, default the name of the step
        """
        if actions:
            actions.flush_recordset()
            actions.line_ids.flush_recordset()
            channels = self._get_channels().values()
            spoken = [channel.name for channel in channels if channel.is_spoken]
            self.flush_model()
            rows = []
            for company, of_company in actions.grouped("company_id").items():
                today = company._credit_today()
                rows += self.env.execute_query(
                    insert_of_actions(of_company.ids, self.env.uid, today, spoken, note)
                )
            self.invalidate_model(flush=False)
            actions.profile_id.invalidate_recordset(["interaction_ids"], flush=False)
            self.browse(row[0] for row in rows)._on_actions_logged()

    def _on_actions_logged(self):
        """React to contacts of a run that were logged by statement; override to do
        for them what :meth:`_on_logged` does for others."""
