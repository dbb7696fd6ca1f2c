from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import formatLang

from ...engine.approval import Case
from ...tools.access import MANAGER

#: What is stored for a share over a limit that is infinite: without any credit.
MOST_SHARE = 99.99


class CreditApprovalMixin(models.AbstractModel):
    """A document whose decision others may have to agree to.

    How to use: inherit it, say what the document is in :meth:`_approval_document` and
    what is to be decided in :meth:`_approval_facts`. Where the decision is taken, call
    ``_request_approval(note)``: ``True`` means that nobody is needed, so go on; else
    the document waits, and :meth:`_on_approval_granted` is called when the last level
    approved, or :meth:`_on_approval_refused`.
    """

    _name = "credit.approval.mixin"
    _description = "Document That May Need an Approval"

    approval_ids = fields.One2many(
        "credit.approval",
        "res_id",
        string="Approvals",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
    )
    approval_id = fields.Many2one(
        "credit.approval", "Last Approval", compute="_compute_approval_state"
    )
    approval_state = fields.Selection(
        [
            ("pending", "Waits for approval"),
            ("approved", "Approved"),
            ("refused", "Approval refused"),
            ("cancelled", "Approval cancelled"),
        ],
        string="Approval",
        compute="_compute_approval_state",
        search="_search_approval_state",
    )
    waits_for = fields.Char(
        compute="_compute_approval_state", help="The level that decides next."
    )
    is_approval_mine = fields.Boolean(
        "Waits for My Approval",
        compute="_compute_approval_state",
        search="_search_is_approval_mine",
    )

    # === CONTRACT === #

    def _approval_document(self):
        """Return the key of ``credit.approval.tier.document``; to be overridden."""
        raise NotImplementedError

    def _approval_facts(self):
        """Return what is to be decided; to be overridden.

        :return: dict of ``amount`` (company currency), ``share_over`` (0.2 = 20 % over
            the limit, may be infinite), ``company`` (root company), ``currency``, and
            ``numbers``: ``{label: value}`` to be kept for good; floats are amounts in
            ``currency``, anything else is shown as it is
        """
        raise NotImplementedError

    def _approval_name(self):
        """Return what the document is called for those who decide."""
        self.ensure_one()
        return self.display_name

    def _approval_facts_batch(self):
        """Return ``{record: facts}``; override to read them for many at once."""
        return {record: record._approval_facts() for record in self}

    def _approval_fallback_group(self):
        """Return the group that has to approve where no tier is needed; may be empty.

        Empty means that nobody is needed then.
        """
        return self.env["res.groups"]

    @api.model
    def _approval_managers(self):
        """Return the group of credit managers, without a statement."""
        data = self.env["ir.model.data"]
        group_id = data._xmlid_to_res_id(MANAGER)
        return self.env["res.groups"].browse(group_id)

    def _approval_excluded(self):
        """Return users who may not approve, besides who asks for the approval."""
        return self.env["res.users"]

    def _approval_asked(self, deciders):
        """Return those of ``deciders`` that get a task; called with ``sudo()``.

        Override where one of many decides, as a rule.
        """
        return deciders

    def _on_approval_granted(self):
        """Go on with what was asked for; called with ``sudo()``, the approval is the
        right. ``approval_id`` is the approval, with its ``options``.

        :return: text about what could not be done, shown to who approved; else nothing
        """

    def _on_approval_refused(self, note):
        """Do what follows from a refusal; called with ``sudo()``."""

    def _on_approval_recalled(self):
        """Do what follows when who asked took it back; called with ``sudo()``."""

    # === COMPUTE === #

    @api.depends("approval_ids.state", "approval_ids.step_id")
    @api.depends_context("uid")
    def _compute_approval_state(self):
        # that something waits, and for whom, is told to everybody who sees the document
        approvals_sudo = self.env["credit.approval"].sudo()
        last = {
            approval.res_id: approval
            for approval in approvals_sudo.search(self._approvals_domain(), order="id")
        }
        for record in self:
            approval = last.get(record._origin.id, approvals_sudo)
            record.approval_id = approval.with_env(self.env)
            record.approval_state = approval.state
            is_pending = approval.state == "pending"
            record.waits_for = approval.step_id.name if is_pending else False
            record.is_approval_mine = approval.is_mine

    def _approvals_domain(self):
        return Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)

    @api.model
    def _search_approval_state(self, operator, value):
        """Search by the state of the last approval."""
        if operator != "in":
            return NotImplemented
        # see _compute_approval_state
        approvals_sudo = self.env["credit.approval"].sudo()
        last = approvals_sudo._read_group(
            [("res_model", "=", self._name)], ["res_id"], ["id:max"]
        )
        states = dict(last)
        found = approvals_sudo.search(
            [("id", "in", list(states.values())), ("state", "in", list(value))]
        )
        domain = Domain("id", "in", found.mapped("res_id"))
        if False in value:
            domain |= Domain("id", "not in", list(states))
        return domain

    @api.model
    def _search_is_approval_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine_sudo = self.env["credit.approval"].sudo()  # see _compute_approval_state
        found = mine_sudo.search(
            [("res_model", "=", self._name), ("is_mine", "=", True)]
        )
        return Domain("id", "in", found.mapped("res_id"))

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approvals(self):
        if self.sudo().approval_ids:  # whoever deletes: they are on record
            raise UserError(
                self.env._(
                    "Approvals on record go with this. It can't be deleted; cancel it "
                    "instead."
                )
            )

    # === ACTIONS === #

    def action_approve(self, note=""):
        """Approve what waits for the user."""
        troubles = self._get_pending_approvals()._approve(note)
        return self.env["credit.approval"]._notify(troubles) if troubles else None

    def action_refuse(self, note=""):
        """Refuse what waits for the user."""
        self._get_pending_approvals()._refuse(note)
        return True

    def action_decide_approval(self):
        """Ask for the wording of the decision on what waits."""
        return self._get_pending_approvals().action_approve()

    def action_refuse_with_words(self):
        """Ask for the wording of a refusal."""
        return self._get_pending_approvals().action_refuse()

    def action_open_approvals(self):
        """Show what was asked for and decided."""
        return self.approval_ids._get_records_action(name=self.env._("Approvals"))

    # === ASK === #

    def _request_approval(self, note="", options=None):
        """Ask for the approval of one document.

        :param note: why, in the words of who asks; kept for good
        :param options: what is asked for in detail, as JSON, for
            :meth:`_on_approval_granted`
        :return: ``True`` where nobody is needed
        :raise UserError: it waits already, or nobody but who asks could approve
        """
        self.ensure_one()
        return bool(self._request_approvals(note, options))

    def _request_approvals(self, note="", options=None, requester=None):
        """Ask for the approval of many documents, see :meth:`_request_approval`.

        :param requester: who asks, default the user
        :return: the documents for which nobody is needed
        """
        self._check_not_waiting()
        free = self.browse()
        vals_list = []
        for record, facts in self._approval_facts_batch().items():
            steps = record._prepare_approval_steps(facts)
            if not steps:
                free |= record
                continue
            asks = requester or self.env.user
            vals_list.append(
                {
                    **record._prepare_approval_vals(facts, asks),
                    "step_ids": [Command.create(vals) for vals in steps],
                    "request_note": note,
                    "options": options or {},
                }
            )
        # approvals are made by documents that need them, never by hand
        approvals_sudo = self.env["credit.approval"].sudo()
        approvals_sudo.flush_model(["state"])  # one that was just decided is in the way
        approvals_sudo = approvals_sudo.create(vals_list)
        for approval in approvals_sudo:
            approval.step_id = approval.step_ids[:1]
        approvals_sudo._check_somebody_may_decide()
        approvals_sudo._ask_deciders()
        return free

    def _check_not_waiting(self):
        for record in self.filtered(lambda record: record.approval_state == "pending"):
            approval_sudo = record.approval_id.sudo()  # for whom it waits is no secret
            raise UserError(
                self.env._(
                    "%(document)s waits for “%(tier)s” already.",
                    document=record.display_name,
                    tier=approval_sudo.step_id.name,
                )
            )

    def _approval_tiers(self, facts):
        """Return the tiers that a decision on these facts needs, in their order."""
        self.ensure_one()
        case = Case(
            document=self._approval_document(),
            company_id=facts["company"].id,
            amount=facts["amount"],
            share_over=facts["share_over"],
            day=facts["company"]._credit_today(),
        )
        # what needs an approval is the same for everybody
        return self.env["credit.approval.tier"].sudo()._get_needed(case)

    def _prepare_approval_steps(self, facts):
        """Return the values of the steps: the tiers, else who decides without one."""
        approvals = self.env["credit.approval"]
        tiers = self._approval_tiers(facts)
        if tiers:
            return [approvals._prepare_step_vals(tier) for tier in tiers]
        group = self._approval_fallback_group()
        return [{"name": group.name, "group_id": group.id}] if group else []

    def _prepare_approval_vals(self, facts, requester):
        self.ensure_one()
        excluded = requester | self._approval_excluded()
        return {
            "document": self._approval_document(),
            "res_model": self._name,
            "res_id": self.id,
            "res_name": self._approval_name(),
            "company_id": facts["company"].id,
            "asked_date": facts["company"]._credit_today(),
            "currency_id": facts["currency"].id,
            "amount": facts["amount"],
            "share_over": min(facts["share_over"], MOST_SHARE),
            "numbers": self._approval_numbers(facts),
            "requested_by_id": requester.id,
            "excluded_ids": [Command.set(excluded.ids)],
        }

    @api.model
    def _approval_numbers(self, facts):
        """Return the numbers as they are shown: pairs of label and text, in order."""
        return [
            [
                str(label),
                formatLang(self.env, value, currency_obj=facts["currency"])
                if isinstance(value, float)
                else str(value),
            ]
            for label, value in facts.get("numbers", {}).items()
        ]

    # === DECIDE === #

    def _recall_approval(self, note=""):
        """Take back what was asked for; the caller has checked who may."""
        pending = self.filtered(lambda record: record.approval_state == "pending")
        return pending.approval_id._cancel(note)

    def _get_pending_approvals(self):
        """Return the approvals that these documents wait for.

        :raise AccessError: the user decides on no approvals at all
        :raise UserError: one waits for none
        """
        self.env["credit.approval"]._check_has_say()
        for record in self:
            if record.approval_state != "pending":
                raise UserError(
                    self.env._("%s does not wait for an approval.", record.display_name)
                )
        return self.approval_id
