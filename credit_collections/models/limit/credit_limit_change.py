from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools.numbering import next_numbers

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("approved", "Approved"),
    ("posted", "Posted"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]

#: What a change says, and what only a draft may be told.
CONTENT = {"kind", "company_id", "line_ids"}

#: What is written by the steps of a change alone.
STEPS = {
    "name",
    "state",
    "submitted_by_id",
    "submitted_date",
    "approved_by_id",
    "approved_date",
    "posted_by_id",
    "posted_date",
    "refusal_note",
}


class CreditLimitChange(models.Model):
    """A journal of limit changes: proposed, approved, and posted to the customers."""

    _name = "credit.limit.change"
    _description = "Credit Limit Change"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "credit.feature.mixin",
        "credit.record.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    description = fields.Char(help="Why the limits change.")
    kind = fields.Selection(
        [
            ("permanent", "Permanent limit"),
            ("temporary", "Temporary limit"),
            ("automatic", "Automatic limit"),
            ("group", "Group limit"),
            ("cancel", "Cancel temporary limit"),
        ],
        required=True,
        default="permanent",
        tracking=True,
        help="- Permanent: the limit until its last day\n"
        "- Temporary: instead of the limit from a day to a day, higher or lower; then "
        "the limit counts again by itself\n"
        "- Automatic: a permanent limit worked out from the risk class\n"
        "- Group: the limit that the members of a credit group share\n"
        "- Cancel: ends a temporary limit before its last day",
    )
    state = fields.Selection(
        STATES,
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
        help="Branches share the limits of their root company.",
    )
    line_ids = fields.One2many(
        "credit.limit.change.line", "change_id", string="Lines", copy=True
    )
    line_count = fields.Integer("Number of Lines", compute="_compute_line_count")
    is_posted_when_approved = fields.Boolean(
        "Post When Approved",
        default=True,
        help="The last approval also posts the change. Otherwise somebody does later.",
    )

    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    submitted_date = fields.Datetime("Submitted On", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_date = fields.Datetime("Approved On", readonly=True, copy=False)
    posted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    posted_date = fields.Datetime("Posted On", readonly=True, copy=False)
    refusal_note = fields.Char("Reason of Rejection", readonly=True, copy=False)

    # === COMPUTE === #

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["credit.limit.change.line"]._read_group(
                [("change_id", "in", self.ids)], ["change_id"], ["__count"]
            )
        )
        for change in self:
            change.line_count = counts.get(change) or len(change.line_ids)

    @api.depends("name", "description")
    def _compute_display_name(self):
        for change in self:
            words = [change.name, change.description]
            change.display_name = " ".join(word for word in words if word)

    @api.constrains("company_id")
    def _check_company_id(self):
        for change in self:
            company = (
                change.company_id.sudo()
            )  # the root of a branch, whoever works in it
            if company.parent_id:
                raise ValidationError(
                    self.env._(
                        "%(branch)s is a branch. Limits are those of its root company "
                        "%(root)s.",
                        branch=company.name,
                        root=company.root_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_steps(vals)
        numbers = next_numbers(self.env, self._name, len(vals_list))
        for vals, number in zip(vals_list, numbers, strict=True):
            vals.setdefault("name", number)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_steps(vals)
        if CONTENT.intersection(vals):
            self._check_is_draft()
        return super().write(vals)

    @api.model
    def _credit_feature_domain(self):
        return Domain("kind", "=", "temporary")

    @api.model
    def _credit_feature_fields(self):
        return {"kind"}

    @api.model
    def _refuse_steps(self, vals):
        if not self.env.su and STEPS.intersection(vals):
            raise AccessError(
                self.env._(
                    "Limit changes go from step to step with their buttons, not by "
                    "writing to them."
                )
            )

    def _check_is_draft(self):
        """Refuse to change what others have decided on or are about to."""
        if self.env.su:
            return
        for change in self:
            if change.state != "draft":
                raise UserError(
                    self.env._(
                        "%(change)s is %(state)s. Only drafts are changed: recall it "
                        "first, or make another one.",
                        change=change.name,
                        state=change._get_state_label(),
                    )
                )

    def _get_kind_label(self):
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _get_state_label(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return states[self.state].lower()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        for change in self:
            if change.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(change)s is %(state)s and stays on record.",
                        change=change.name,
                        state=change._get_state_label(),
                    )
                )
