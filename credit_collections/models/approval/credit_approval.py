from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class CreditApproval(models.Model):
    """A decision that others have to agree to: who asked, on which numbers, who agreed.

    It is kept for good: nobody changes it by hand, and nothing in it once decided.
    """

    _name = "credit.approval"
    _description = "Approval"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.record.mixin"]
    _order = "id desc"
    # who may see it may write to colleagues about it
    _mail_post_access = "read"

    document = fields.Selection(
        selection="_selection_document", required=True, readonly=True
    )
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    res_name = fields.Char(
        "About",
        required=True,
        readonly=True,
        help="What the document was called when the approval was asked for.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("pending", "Waits"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="pending",
        index=True,
        tracking=True,
        help="Cancelled: called back by who asked, or no longer needed.",
    )

    # === THE NUMBERS OF THE DECISION === #
    amount = fields.Monetary(readonly=True)
    share_over = fields.Float(
        "Over Limit",
        readonly=True,
        aggregator=None,
        help="Share over the limit; for a change, the share by which it is raised.",
    )
    numbers = fields.Json("Labels and Numbers", readonly=True)
    numbers_html = fields.Html("Numbers", compute="_compute_numbers_html")

    # === WHO AND WHEN === #
    requested_by_id = fields.Many2one(
        "res.users", "Asked By", required=True, readonly=True, ondelete="restrict"
    )
    requested_date = fields.Datetime(
        "Asked On", required=True, readonly=True, default=fields.Datetime.now
    )
    request_note = fields.Text("Why", readonly=True)
    options = fields.Json(
        readonly=True, help="What was asked for in detail, to be done when granted."
    )
    excluded_ids = fields.Many2many(
        "res.users",
        string="May Not Decide",
        readonly=True,
        help="Who asked, and who has a part in the document.",
    )
    step_ids = fields.One2many("credit.approval.step", "approval_id", readonly=True)
    step_id = fields.Many2one(
        "credit.approval.step",
        "Waits For",
        readonly=True,
        index="btree_not_null",
        help="The level that decides now.",
    )
    decider_ids = fields.Many2many(
        "res.users", string="Who May Decide", compute="_compute_decider_ids"
    )
    is_mine = fields.Boolean(
        "Waits for Me", compute="_compute_decider_ids", search="_search_is_mine"
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_date = fields.Datetime("Decided On", readonly=True)
    decision_note = fields.Text("Wording", readonly=True)
    reminded_date = fields.Date("Reminded On", readonly=True)
    reminder_count = fields.Integer("Reminders", readonly=True, aggregator=None)
    age_days = fields.Integer("Age", compute="_compute_age_days")

    _document_idx = models.Index("(res_model, res_id)")
    _one_pending = models.UniqueIndex(
        "(res_model, res_id) WHERE state = 'pending'",
        "This waits for an approval already.",
    )

    # === COMPUTE === #

    @api.model
    def _selection_document(self):
        return self.env["credit.approval.tier"]._selection_document()

    @api.depends("document", "res_name")
    def _compute_display_name(self):
        labels = dict(self._selection_document())
        for approval in self:
            label = labels.get(approval.document, "")
            approval.display_name = f"{label}: {approval.res_name}"

    @api.model
    def _search_display_name(self, operator, value):
        return Domain("res_name", operator, value)

    @api.depends("numbers")
    def _compute_numbers_html(self):
        row = Markup("<tr><td class='pe-4 text-muted'>%s</td><td>%s</td></tr>")
        for approval in self:
            rows = Markup().join(row % tuple(pair) for pair in approval.numbers or [])
            approval.numbers_html = Markup("<table>%s</table>") % rows if rows else ""

    @api.depends("state", "step_id", "excluded_ids")
    @api.depends_context("uid")
    def _compute_decider_ids(self):
        found = self.sudo()._get_deciders()  # who decides is no data of the user
        for approval in self:
            user_ids = list(found[approval.id])
            approval.decider_ids = user_ids
            approval.is_mine = self.env.uid in user_ids

    @api.model
    def _search_is_mine(self, operator, value):
        """Search what the user may decide now, as an approver or as a substitute."""
        if operator != "in":
            return NotImplemented
        user = self.env.user
        stands_in = self.env["credit.approval.substitute"]._get_in_force(
            substitute_id=user.id
        )
        domains = [self._waits_for_domain(user)]
        for entry in stands_in:
            domain = self._waits_for_domain(user.browse(entry.user_id))
            if entry.document:
                domain &= Domain("document", "=", entry.document)
            domains.append(domain)
        return (
            Domain("state", "=", "pending")
            & Domain("excluded_ids", "not in", user.ids)
            & Domain.OR(domains)
        )

    @api.model
    def _waits_for_domain(self, member):
        """Return the domain of what waits for a level that names a user."""
        groups = member.sudo().all_group_ids.ids  # groups of others decide here
        tier = Domain("user_ids", "in", member.ids) | Domain("group_id", "in", groups)
        # tiers are no data of whom they name
        step = Domain("tier_id", "any!", tier) | Domain("group_id", "in", groups)
        return Domain("excluded_ids", "not in", member.ids) & Domain(
            "step_id", "any!", step
        )

    @api.depends("requested_date", "decided_date")
    def _compute_age_days(self):
        now = fields.Datetime.now()
        for approval in self:
            end = approval.decided_date or now
            begin = approval.requested_date
            approval.age_days = (end - begin).days if begin else 0

    # === STATE === #

    def _get_state_ways(self):
        """An approval is decided once, for good."""
        pending = ("pending",)
        return {
            "pending": (),
            "approved": pending,
            "refused": pending,
            "cancelled": pending,
        }

    def _on_state_set(self, target):
        """Levels that were not asked yet never are."""
        super()._on_state_set(target)
        # decisions write their steps, whoever decides
        waiting_sudo = self.sudo().step_ids.filtered(lambda one: one.state == "waiting")
        waiting_sudo._set_state("cancelled")
        self._done_activities()

    # === CRUD === #

    def write(self, vals):
        """Refuse changes by hand, and any change of what was decided."""
        if not all(map(self._is_free_to_write, vals)):
            if not self.env.su:
                raise AccessError(
                    self.env._("Approvals are decided by their buttons, not by hand.")
                )
            if any(approval.state != "pending" for approval in self):
                raise UserError(
                    self.env._("A decision that was taken can't be changed.")
                )
        return super().write(vals)

    @api.model
    def _is_free_to_write(self, name):
        return name.startswith(("message_", "activity_"))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Approvals are on record and can't be deleted."))

    # === ACTIONS === #

    def _get_document(self):
        """Return the document, empty where it is gone."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).exists()

    def action_open_document(self):
        self.ensure_one()
        return self._get_document()._get_records_action()
