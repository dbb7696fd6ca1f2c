from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.fields import Command, Domain

from ...sql.limit.limit_change import set_states
from ...tools.access import CONTROLLER, MANAGER, is_allowed, require
from ...tools.batches import one_by_one
from ...tools.client_actions import notification, open_dialog, reload_page
from ...tools.numbering import next_numbers

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("approved", "Approved"),
    ("posted", "Posted"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]

#: States of what is not decided or not in force yet.
PROPOSED = ("draft", "submitted", "approved")

#: So many lines are made or looked at at a time. What the server keeps of records that
#: it knows is many times what they hold.
SLICE = 2000

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


def lock(records):
    """Lock changes or lines of them for a step, and read again how far they are.

    :raise UserError: when somebody else is at it
    """
    try:
        records.lock_for_update()
    except LockError as error:
        raise UserError(
            records.env._("Somebody else is working on this change. Try again.")
        ) from error
    records.invalidate_recordset(["state"])


#: Lines that go along with their change besides those that are as far as it is.
ALONG = {"draft": ("rejected",), "cancelled": ("rejected",)}


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
    target_name = fields.Char("Customers", compute="_compute_target_name")

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

    @api.depends("line_ids.profile_id", "line_ids.group_id")
    def _compute_target_name(self):
        """One customer by name, several by number."""
        lines = self.env["credit.limit.change.line"]
        firsts = lines.browse(
            first
            for _change, first in lines._read_group(
                [("change_id", "in", self.ids)], ["change_id"], ["id:min"]
            )
        )
        first = {line.change_id.id: line for line in firsts}
        for change in self:
            line = first.get(change._origin.id, lines)
            name = (line.group_id or line.profile_id).display_name
            if change.line_count > 1:
                name = self.env._(
                    "%(name)s and %(count)s more",
                    name=name,
                    count=change.line_count - 1,
                )
            change.target_name = name or False

    # === CONSTRAINTS === #

    @api.constrains("company_id")
    def _check_company_id(self):
        for change in self:
            # the root of a branch, whoever works in it
            company_sudo = change.company_id.sudo()
            if company_sudo.parent_id:
                raise ValidationError(
                    self.env._(
                        "%(branch)s is a branch. Limits are those of its root company "
                        "%(root)s.",
                        branch=company_sudo.name,
                        root=company_sudo.root_id.name,
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

    def _get_protected_refusal(self, names):
        return self.env._(
            "Limit changes go from step to step with their buttons, not by "
            "writing to them."
        )

    @api.model
    def _refuse_steps(self, vals):
        if not self.env.su and STEPS.intersection(vals):
            raise AccessError(self._get_protected_refusal(vals))

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

    @api.model
    def _credit_feature_domain(self):
        return Domain("kind", "=", "temporary")

    @api.model
    def _credit_feature_fields(self):
        return {"kind"}

    # === ACTIONS === #

    def action_generate_lines(self):
        return open_dialog(
            self.env,
            "credit.limit.generate",
            self.env._("Generate Lines"),
            change_id=self.id,
        )

    def action_import_lines(self):
        return open_dialog(
            self.env,
            "credit.limit.import",
            self.env._("Import Limits"),
            change_id=self.id,
        )

    def action_ask_reject(self):
        return open_dialog(
            self.env, "credit.limit.reject", self.env._("Reject"), change_ids=self.ids
        )

    @api.model
    def _open_draft(self, kind, company, targets):
        """Return the action that opens a draft with a line for each customer or group.

        :param targets: credit profiles or credit groups
        """
        self.check_access("create")
        change = self.new({"kind": kind, "company_id": company.id})
        lines = [target._prepare_limit_line(change) for target in targets]
        return {
            "type": "ir.actions.act_window",
            "name": change._get_kind_label(),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_kind": kind,
                "default_company_id": company.id,
                "default_line_ids": [Command.create(vals) for vals in lines],
            },
        }

    # === STEPS === #

    def action_submit(self):
        """Propose the changes; where nobody has to approve, that is all it takes.

        A change that can't be submitted stops none of the others.
        """
        self._check_may_propose()
        return self._one_by_one(lambda change: change._submit())

    def _submit(self):
        self._claim("draft")
        self._check_proposals()
        self._set_state(
            "submitted",
            submitted_by_id=self.env.uid,
            submitted_date=fields.Datetime.now(),
            refusal_note=False,
        )
        if self.env.su or self._request_approval(self.description or ""):
            self._approve()

    def _approve(self):
        """Approve what is left of changes, and post it where that is wanted."""
        self._check_proposals()
        self._check_acts_for_all()
        self._set_state(
            "approved",
            approved_by_id=self.env.uid,
            approved_date=fields.Datetime.now(),
        )
        self.env.flush_all()  # temporary limits must not overlap from now on
        self.filtered("is_posted_when_approved")._post()

    def action_recall(self):
        """Take back what was proposed and not posted yet, to change it."""
        self._check_may_propose()
        self._claim("submitted", "approved")
        for change in self:
            mine = change.submitted_by_id == self.env.user
            if not mine and not is_allowed(self.env, MANAGER):
                raise AccessError(
                    self.env._(
                        "%(user)s proposed %(change)s, and recalls it.",
                        user=change.submitted_by_id.name,
                        change=change.name,
                    )
                )
        self._recall_approval()
        self._set_state("draft", approved_by_id=False, approved_date=False)
        return True

    def action_cancel(self):
        """Give up changes that have no effect yet; they stay on record."""
        self._check_may_propose()
        self._claim("draft", "rejected")
        self._set_state("cancelled")
        return True

    def action_draft(self):
        """Begin again with what was rejected or given up."""
        self._check_may_propose()
        self._claim("rejected", "cancelled")
        self._set_state("draft")
        return True

    def _one_by_one(self, step):
        """Do a step with each change; several go on when one of them fails.

        :param step: function of a change
        :return: ``True``, or a notification of those that failed
        """
        errors = one_by_one(self, step, "a step of limit changes")
        if not errors:
            return True
        return notification(
            "\n".join(f"{change.name}: {error}" for change, error in errors.items()),
            "warning",
            title=self.env._("Not all could be done"),
            sticky=True,
            follows=reload_page(),
        )

    def _check_may_propose(self):
        require(
            self.env,
            self.env._("Only credit controllers and managers propose limits."),
            CONTROLLER,
        )
        self.check_access("write")

    def _claim(self, *states):
        """Lock changes for a step; refuse those that somebody else took further."""
        lock(self)
        for change in self:
            if change.state not in states:
                raise UserError(
                    self.env._(
                        "%(change)s is %(state)s: that step is not for it.",
                        change=change.name,
                        state=change._get_state_label(),
                    )
                )

    # === STATE === #

    def _get_state_ways(self):
        return {
            "draft": ("submitted", "approved", "rejected", "cancelled"),
            "submitted": ("draft",),
            "approved": ("submitted",),
            "posted": ("approved",),
            "rejected": ("submitted",),
            "cancelled": ("draft", "rejected"),
        }

    def _write_state(self, target, vals):
        """Take the lines along that are as far; posting has statements of its own."""
        if target != "posted":
            lines = self.env["credit.limit.change.line"]
            lines.flush_model()
            for state, changes in self.grouped("state").items():
                states = (state, *ALONG.get(target, ()))
                self.env.cr.execute(set_states(changes.ids, target, states))
            lines.invalidate_model(["state"], flush=False)
        super()._write_state(target, vals)

    # === WORDS === #

    def _get_kind_label(self):
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _get_state_label(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return states[self.state].lower()
