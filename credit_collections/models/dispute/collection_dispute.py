from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...engine import disputes

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
        "Opened On", readonly=True, required=True, default=fields.Date.context_today
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
            vals["user_id"] = department.lead_id.id
        if not vals.get("deadline"):
            opened = fields.Date.to_date(vals.get("open_date"))
            vals["deadline"] = disputes.add_working_days(
                opened or fields.Date.context_today(self), department.days_to_answer
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
            vals = {**vals, "user_id": department.lead_id.id}
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
