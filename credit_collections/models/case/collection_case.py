from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine import cases
from ...engine.hub.matching import PAYMENT
from ...sql.case import ITEM_READS, READS, case_items, settled
from ...tools.statements import flush

#: Invoicing works on cases, too, but has no right on contacts and promises.
READERS = "account.group_account_readonly,credit_collections.group_collector"

OPEN_STATES = ("open", "legal")

#: What whoever works on a case sets by hand; all else has its button.
FREE_FIELDS = {"note", "priority", "user_id"}


class CollectionCase(models.Model):
    """A folder of open items of one customer, and who works on them.

    It closes by itself when all its items are settled, and goes on when one of them is
    open again.
    """

    _name = "collection.case"
    _description = "Collection Case"
    _inherit = [
        "collection.document.mixin",
        "credit.record.mixin",
        "credit.feature.mixin",
    ]
    _order = "priority desc, id desc"

    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Urgent")], default="0", tracking=True
    )
    step_id = fields.Many2one(
        "collection.step",
        string="Opened by Step",
        readonly=True,
        ondelete="set null",
        help="The step of a strategy that opened the case.",
    )
    note = fields.Html("Notes")
    state = fields.Selection(
        [("open", "Open"), ("legal", "Handed Over"), ("closed", "Closed")],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        copy=False,
        index=True,
    )
    stage = fields.Selection(
        [
            ("reminders", "Reminders"),
            ("demand", "Demand Letter"),
            ("legal", "Lawyer"),
            ("agency", "Collection Agency"),
            ("insolvency", "Insolvency"),
        ],
        required=True,
        readonly=True,
        default="reminders",
        copy=False,
        tracking=True,
    )
    open_date = fields.Date(
        "Opened On",
        readonly=True,
        required=True,
        default=lambda self: self.env.company._credit_today(),
    )
    demand_date = fields.Date("Demand Letter On", readonly=True, copy=False)
    closed_date = fields.Date("Closed On", readonly=True, copy=False)
    close_reason = fields.Selection(
        [
            (cases.PAID, "Paid"),
            (cases.CREDITED, "Credited"),
            (cases.WRITTEN_OFF, "Written off"),
            (cases.MIXED, "Paid, credited or written off in parts"),
            (cases.CANCELLED, "Cancelled"),
        ],
        readonly=True,
        copy=False,
    )
    move_line_ids = fields.One2many(
        "account.move.line", "case_id", string="Items", readonly=True
    )
    dispute_ids = fields.Many2many(
        "collection.dispute",
        string="Disputes",
        compute="_compute_dispute_ids",
        compute_sudo=False,
    )
    promise_ids = fields.Many2many(
        "collection.promise",
        string="Promises",
        compute="_compute_promise_ids",
        compute_sudo=False,
        groups=READERS,
        help="Promises about items of the case.",
    )
    interaction_ids = fields.One2many(
        "collection.interaction",
        "case_id",
        string="Contacts",
        readonly=True,
        groups=READERS,
    )
    amount = fields.Monetary(
        "Amount at Opening",
        readonly=True,
        help="What was open of the items when they came into the case.",
    )
    open_amount = fields.Monetary(
        "Open Now", compute="_compute_open_amount", compute_sudo=False
    )
    item_count = fields.Integer(
        "Items in Case", compute="_compute_open_amount", compute_sudo=False
    )
    collected_amount = fields.Monetary(
        "Collected Since",
        compute="_compute_collected_amount",
        compute_sudo=False,
        help="Payments since the case was opened.",
    )

    # === COMPUTE === #

    def _compute_open_amount(self):
        rows = {case_id: rest for case_id, *rest in self._read_items()}
        for case in self:
            items, _open_items, amount = rows.get(case._origin.id, (0, 0, 0.0))
            case.item_count = items
            case.open_amount = float(amount)

    def _compute_collected_amount(self):
        collected = {
            case_id: float(since)
            for case_id, kind, _amount, since in self._read_settled()
            if kind == PAYMENT
        }
        for case in self:
            case.collected_amount = collected.get(case._origin.id, 0.0)

    @api.depends("move_line_ids")
    def _compute_dispute_ids(self):
        lines = self.env["collection.dispute.line"].search(
            [("move_line_id.case_id", "in", self.ids)]
        )
        by_case = lines.grouped(lambda line: line.move_line_id.case_id)
        for case in self:
            case.dispute_ids = by_case.get(case._origin, lines.browse()).dispute_id

    @api.depends("move_line_ids.collection_promise_line_ids")
    def _compute_promise_ids(self):
        lines = self.env["collection.promise.line"].search(
            [("move_line_id.case_id", "in", self.ids)]
        )
        by_case = lines.grouped(lambda line: line.move_line_id.case_id)
        for case in self:
            case.promise_ids = by_case.get(case._origin, lines.browse()).promise_id

    def _read_items(self):
        """Return ``case_id, items, open items, open amount`` of cases with items."""
        flush(self.env, ITEM_READS)
        return self.env.execute_query(case_items(self.ids)) if self.ids else []

    def _read_settled(self):
        """Return ``case_id, kind, amount, amount since it was opened``."""
        flush(self.env, READS)
        if not self.ids:
            return []
        roles = self.env["account.account"]._credit_roles()
        return self.env.execute_query(settled(self.ids, roles))

    # === CRUD === #

    def write(self, vals):
        """Refuse by hand what has a button, so that its consequences follow."""
        if not self.env.su and not all(map(self._is_free_to_write, vals)):
            raise AccessError(
                self.env._("Cases are changed by their buttons, not by hand.")
            )
        return super().write(vals)

    @api.model
    def _is_free_to_write(self, name):
        return name in FREE_FIELDS or name.startswith(("message_", "activity_"))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Cases are on record and can't be deleted. Cancel them.")
        )

    # === STATE === #

    def _get_state_ways(self):
        return {
            **super()._get_state_ways(),
            "open": {"legal", "closed"},
            "legal": {"open", "closed"},
            "closed": {"open", "legal"},
        }

    def _check_open(self):
        self.check_access("write")
        for case in self:
            if case.state == "closed":
                raise UserError(self.env._("%s is closed.", case.name))

    # === ACTIONS === #

    def action_demand(self):
        """Note that the demand letter went out."""
        self._check_open()
        for case in self:
            if case.stage != "reminders":
                raise UserError(
                    self.env._("%s is past the reminders already.", case.name)
                )
        # collectors come to this by the button
        for company, cases_sudo in self.sudo().grouped("company_id").items():
            cases_sudo.write(
                {"stage": "demand", "demand_date": company._credit_today()}
            )
        return True

    def action_cancel(self):
        """Close cases whose items are still open; the items can go into others."""
        self._check_open()
        self._close({case.id: cases.CANCELLED for case in self})
        return True

    def action_register_payment(self):
        """Open core's payment of the open items of these cases."""
        self.env["account.payment.register"].check_access("create")
        items = self.move_line_ids._open_receivables()
        if not items:
            raise UserError(self.env._("Nothing is open in this case."))
        return items.action_register_payment()

    def action_dispute(self):
        return self.move_line_ids.action_dispute()

    def action_log_contact(self):
        """Log a contact about these items."""
        self.ensure_one()
        self._check_open()
        action = self.profile_id.action_log_contact()
        return {**action, "context": {**action["context"], "default_case_id": self.id}}

    def action_promise(self):
        """Take a promise for what is open and not promised yet."""
        self.ensure_one()
        self._check_open()
        items = self.move_line_ids._open_receivables().filtered(
            lambda item: (
                "open"
                not in item.collection_promise_line_ids.promise_id.mapped("state")
            )
        )
        if not items:
            raise UserError(
                self.env._(
                    "Case %s has no open item that is not promised already.", self.name
                )
            )
        return items.action_promise()

    def action_open_profile(self):
        self.ensure_one()
        return self.profile_id._get_records_action()
