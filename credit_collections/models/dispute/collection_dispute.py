from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, formatLang

from ...engine import disputes
from ...tools import access
from ...tools.client_actions import open_dialog

OPEN_STATES = ("open", "review")

#: What whoever works on a dispute sets by hand; all else is changed by decisions.
FREE_FIELDS = {
    "answer",
    "customer_reference",
    "deadline",
    "department_id",
    "description",
    "reason_id",
    "user_id",
}


class CollectionDispute(models.Model):
    """A complaint of a customer about part of open items, and what becomes of it.

    The disputed part leaves the collection runs until it is decided. The people of the
    department see what they need here, without any right on the ledger.
    """

    _name = "collection.dispute"
    _description = "Dispute"
    _inherit = ["collection.document.mixin", "credit.record.mixin"]

    _credit_handed_on = {
        "user_id": "a dispute goes to whom it concerns",
        "department_id": "or to another department",
    }
    _order = "is_open desc, deadline, id desc"

    reason_id = fields.Many2one(
        "credit.reason",
        required=True,
        tracking=True,
        domain="[('kind', '=', 'dispute')]",
        ondelete="restrict",
    )
    department_id = fields.Many2one(
        "collection.department",
        required=True,
        tracking=True,
        index=True,
        ondelete="restrict",
        help="Who has to find out. Its members see the dispute.",
    )
    user_id = fields.Many2one(help="Who answers for the department.")
    requested_by_id = fields.Many2one(
        "res.users", "Opened By", readonly=True, default=lambda self: self.env.user
    )
    customer_reference = fields.Char(
        help="Number that the customer gave to the complaint."
    )
    description = fields.Text("What the Customer Says")
    answer = fields.Text(
        "What We Found Out", help="The answer of the department, for all to read."
    )
    open_date = fields.Date(
        "Opened On",
        readonly=True,
        required=True,
        default=lambda self: self.env.company._credit_today(),
    )
    deadline = fields.Date(tracking=True, help="When the department has to answer.")
    closed_date = fields.Date("Closed On", readonly=True, copy=False)
    days_to_resolve = fields.Integer(
        compute="_compute_days_to_resolve", store=True, aggregator="avg"
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("review", "In Review"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        copy=False,
        index=True,
        tracking=True,
    )
    is_open = fields.Boolean(compute="_compute_is_open", store=True, precompute=True)
    is_paid = fields.Boolean(
        "Paid in Full", readonly=True, help="Withdrawn because everything was paid."
    )
    is_proposed = fields.Boolean(
        "Waits for Approval",
        readonly=True,
        tracking=True,
        help="Accepting was proposed; a credit manager has to approve the credit.",
    )
    proposed_by_id = fields.Many2one("res.users", readonly=True)
    approved_by_id = fields.Many2one("res.users", "Decided By", readonly=True)
    close_note = fields.Text("Decision", readonly=True)
    escalation_level = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Who was told that the answer is late: 1 the lead of the department, 2 "
        "the credit manager too.",
    )
    line_ids = fields.One2many("collection.dispute.line", "dispute_id")
    invoice_names = fields.Char(
        "Invoices", compute="_compute_invoice_names", store=True
    )
    amount = fields.Monetary(
        "Disputed", compute="_compute_amounts", store=True, tracking=True
    )
    accepted_amount = fields.Monetary(compute="_compute_amounts", store=True)
    suspended_amount = fields.Monetary(
        "Not Collected Now",
        compute="_compute_amounts",
        store=True,
        help="What collection runs leave out because of this dispute.",
    )
    may_work = fields.Boolean(compute="_compute_may_decide")
    may_withdraw = fields.Boolean(compute="_compute_may_decide")

    # === COMPUTE === #

    @api.depends("open_date", "closed_date")
    def _compute_days_to_resolve(self):
        for dispute in self:
            dispute.days_to_resolve = disputes.days_to_resolve(
                dispute.open_date, dispute.closed_date
            )

    @api.depends("state")
    def _compute_is_open(self):
        for dispute in self:
            dispute.is_open = dispute.state in OPEN_STATES

    @api.depends("line_ids.invoice_name")
    def _compute_invoice_names(self):
        for dispute in self:
            names = filter(None, dispute.line_ids.mapped("invoice_name"))
            dispute.invoice_names = ", ".join(dict.fromkeys(names))

    @api.depends(
        "line_ids.company_amount",
        "line_ids.company_accepted_amount",
        "line_ids.company_suspended_amount",
    )
    def _compute_amounts(self):
        for dispute in self:
            lines = dispute.line_ids
            dispute.amount = sum(lines.mapped("company_amount"))
            dispute.accepted_amount = sum(lines.mapped("company_accepted_amount"))
            dispute.suspended_amount = sum(lines.mapped("company_suspended_amount"))

    def _read_group_select(self, aggregate_spec, query):
        """Leave open disputes out of the average: they have no days yet."""
        if aggregate_spec != "days_to_resolve:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "AVG(%s) FILTER (WHERE %s IS NOT NULL)",
            self._field_to_sql(self._table, "days_to_resolve", query),
            self._field_to_sql(self._table, "closed_date", query),
        )

    @api.depends("department_id", "user_id", "requested_by_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        for dispute in self:
            dispute.may_work = dispute._is_answered_by_user()
            own = dispute.requested_by_id == self.env.user
            dispute.may_withdraw = own or dispute.may_work

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._set_defaults_of_department(vals)
        found = super().create(vals_list)
        found._on_opened()
        return found

    @api.model
    def _set_defaults_of_department(self, vals):
        """Take department, owner and deadline from the reason where they are open."""
        reason = self.env["credit.reason"].browse(vals.get("reason_id"))
        vals.setdefault("department_id", reason.department_id.id)
        department = self.env["collection.department"].browse(vals["department_id"])
        if not vals.get("user_id"):
            vals["user_id"] = department._get_lead().id
        if not vals.get("open_date"):
            profile = self.env["credit.profile"].browse(vals.get("profile_id"))
            # the day is no data of the customer
            vals["open_date"] = profile.sudo().company_id._credit_today()
        if not vals.get("deadline"):
            vals["deadline"] = disputes.add_working_days(
                fields.Date.to_date(vals["open_date"]), department.days_to_answer
            )

    def write(self, vals):
        """Refuse decisions by hand; whoever works on the dispute sets the rest."""
        if not self.env.su:
            free = map(self._is_free_to_write, vals)
            if not all(free):
                raise AccessError(
                    self.env._("Disputes are decided by their buttons, not by hand.")
                )
            if any(not name.startswith(("message_", "activity_")) for name in vals):
                self._check_may_work()
        if "department_id" in vals and not vals.get("user_id"):
            department = self.env["collection.department"].browse(vals["department_id"])
            vals = {**vals, "user_id": department._get_lead().id}
        res = super().write(vals)
        if {"department_id", "user_id"}.intersection(vals):
            self._tell_owner()
        return res

    @api.model
    def _is_free_to_write(self, name):
        return name in FREE_FIELDS or name.startswith(("message_", "activity_"))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Disputes are on record and can't be deleted. Withdraw them.")
        )

    # === ACTIONS === #

    def action_review(self):
        """Take disputes in hand."""
        self._check_may_work()
        self._check_state("open")
        owned = self.filtered("user_id")
        owned._set_state("review")
        (self - owned)._set_state("review", user_id=self.env.user.id)
        return True

    def action_accept(self):
        """Ask how much of each item is right."""
        self.ensure_one()
        self._check_may_work()
        self._check_state("open", "review")
        return self._open_wizard("collection.dispute.accept", self.env._("Accept"))

    def action_reject(self):
        self._check_may_work()
        self._check_state("open", "review")
        return self._open_wizard("collection.dispute.reject", self.env._("Reject"))

    def action_withdraw(self):
        """The customer, or whoever opened the dispute, does not go on with it."""
        self._check_may_withdraw()
        self._check_state("open", "review")
        self._close("withdrawn")
        return True

    def action_reopen(self):
        """Look at disputes again that were rejected or withdrawn."""
        self._check_may_withdraw()
        self._check_state("rejected", "withdrawn")
        self._reopen()
        self.line_ids._check_open_amounts()
        return True

    def action_open_profile(self):
        self.ensure_one()
        return self.profile_id._get_records_action()

    # === RIGHTS === #

    def _check_may_work(self):
        """Collectors, and the people of the department, work on disputes."""
        self.check_access("read")
        for dispute in self:
            if not dispute._is_answered_by_user():
                raise AccessError(
                    self.env._(
                        "Only collectors and people of the department “%s” work on "
                        "this dispute.",
                        dispute.sudo().department_id.name,  # of a dispute they see
                    )
                )

    def _is_answered_by_user(self):
        if access.is_allowed(self.env, access.COLLECTOR):
            return True
        dispute_sudo = self.sudo()  # members are no data of the user
        department_sudo = dispute_sudo.department_id
        people_sudo = (
            department_sudo.member_ids + department_sudo.lead_id + dispute_sudo.user_id
        )
        return self.env.user in people_sudo

    def _check_may_withdraw(self):
        self.check_access("read")
        if any(dispute.requested_by_id != self.env.user for dispute in self):
            self._check_may_work()

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for dispute in self:
            if dispute.state not in states:
                raise UserError(
                    self.env._(
                        "%(dispute)s is %(state)s already.",
                        dispute=dispute.name,
                        state=labels[dispute.state].lower(),
                    )
                )

    # === STATE === #

    def _get_state_ways(self):
        return {
            **super()._get_state_ways(),
            "open": {"rejected", "withdrawn"},
            "review": {"open"},
            **dict.fromkeys(("accepted", "rejected", "withdrawn"), set(OPEN_STATES)),
        }

    def _on_state_set(self, target):
        """Let runs leave out what is disputed in this state."""
        super()._on_state_set(target)
        self.sudo().line_ids._write_disputed()  # of disputes that were decided

    def _propose(self, amounts, note=None):
        """Propose how much of each item is to be credited.

        :param amounts: ``{dispute line: amount in the currency of the item}``
        """
        self.ensure_one()
        self._check_may_work()
        self._check_state("open", "review")
        for line_sudo in self.line_ids.sudo():  # of a dispute that the user works on
            line_sudo._accept(amounts.get(line_sudo, 0.0))
        if not self.accepted_amount:
            raise UserError(
                self.env._("Nothing is accepted. Reject the dispute instead.")
            )
        self._set_state("review")
        self.sudo().write(  # what is proposed has its button, see write()
            {
                "is_proposed": True,
                "proposed_by_id": self.env.user.id,
                "close_note": note,
            }
        )
        self._done_activities()
        self._ask_for_credit(note)
        self._message_note(
            self.env._(
                "Proposed: a credit of %(amount)s of %(disputed)s. %(note)s",
                amount=self._format(self.accepted_amount),
                disputed=self._format(self.amount),
                note=note or "",
            ).strip()
        )

    def _reject(self, note):
        """Reject with words that can be told to the customer; collecting goes on."""
        self._check_may_work()
        self._check_state("open", "review")
        self.sudo().line_ids.accepted_amount = 0.0  # decided by the button
        self._close("rejected", close_note=note, approved_by_id=self.env.user.id)
        self._message_note(self.env._("Rejected: %s", note))

    def _close(self, state, **values):
        for company, of_company in self.grouped("company_id").items():
            of_company._set_state(
                state,
                closed_date=company._credit_today(),
                **{"is_proposed": False, "is_paid": False, **values},
            )
        self._recall_approval(self.env._("The dispute was closed."))
        self._done_activities()
        self._refresh_next_steps()

    def _reopen(self):
        self._set_state(
            "open",
            closed_date=False,
            is_paid=False,
            is_proposed=False,
            escalation_level=0,
            close_note=False,
        )
        self.sudo().line_ids.accepted_amount = 0.0  # decided by the button
        self._tell_owner()
        self._refresh_next_steps()

    # === WHAT FOLLOWS === #

    def _on_opened(self):
        self._tell_owner()
        self._refresh_next_steps()

    def _refresh_next_steps(self):
        """Show on the customers what collection comes to next."""
        profiles_sudo = self.sudo().profile_id  # the figures are no data of the user
        for root, of_root in profiles_sudo.grouped("company_id").items():
            of_root._write_next_steps(root)

    def _message_note(self, body):
        for dispute in self:
            dispute.message_post(body=body, subtype_xmlid="mail.mt_note")

    def _format(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _open_wizard(self, model, name):
        return open_dialog(
            self.env, model, name, dispute_id=self[:1].id, dispute_ids=self.ids
        )

    # === PAID === #

    @api.model
    def _on_matched(self, items):
        """Withdraw open disputes whose items are all paid. Called with matched items.

        :param items: receivable items of which something is disputed
        """
        # matching is the right that counts, whoever opened the dispute
        lines_sudo = self.env["collection.dispute.line"].sudo()
        found_sudo = lines_sudo.search(
            [("move_line_id", "in", items.ids), ("dispute_id.is_open", "=", True)]
        ).dispute_id
        paid_sudo = found_sudo.filtered(
            lambda dispute: all(
                line.move_line_id.reconciled for line in dispute.line_ids
            )
        )
        if paid_sudo:
            paid_sudo._close("withdrawn", is_paid=True)
            paid_sudo._message_note(self.env._("Withdrawn: paid in full."))

    @api.model
    def _on_unmatched(self, items):
        """Open disputes again whose payment in full was undone."""
        lines_sudo = self.env["collection.dispute.line"].sudo()  # see _on_matched
        found_sudo = lines_sudo.search(
            [("move_line_id", "in", items.ids), ("dispute_id.is_paid", "=", True)]
        ).dispute_id
        if found_sudo:
            found_sudo._reopen()
            found_sudo._message_note(self.env._("Open again: the payment was undone."))
