from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain

from ...engine import approval as engine
from ...engine.hub.amounts import EPSILON
from ...tools.batches import one_by_one
from ...tools.client_actions import open_dialog
from .credit_approval_mixin import MOST_SHARE


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
    asked_date = fields.Date(
        "Waits Since",
        readonly=True,
        default=lambda self: self.env.company._credit_today(),
        help="Since when the level that is due is asked.",
    )
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
        substitutes = self.env["credit.approval.substitute"]
        domains = [self._waits_for_domain(user)]
        for day, company_ids in self.env["res.company"]._credit_days().items():
            for entry in substitutes._get_in_force(day, substitute_id=user.id):
                domain = self._waits_for_domain(user.browse(entry.user_id))
                domain &= Domain("company_id", "in", company_ids)
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

    def action_approve(self):
        """Ask for the wording of an approval."""
        return self._open_decide("approve", self.env._("Approve"))

    def action_refuse(self):
        """Ask for the wording of a refusal."""
        return self._open_decide("refuse", self.env._("Refuse"))

    def _open_decide(self, decision, name):
        pending = self.filtered(lambda approval: approval.state == "pending")
        if not pending:
            raise UserError(self.env._("Nothing here waits for an approval any more."))
        pending._check_may_decide()
        return open_dialog(
            self.env,
            "credit.approval.decide",
            name,
            approval_ids=pending.ids,
            decision=decision,
        )

    def action_recall(self):
        """Take back what one asked for; the document waits for nobody any more."""
        self._claim()
        for approval in self:
            if not self.env.su and approval.requested_by_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "Only %(user)s, who asked, takes %(approval)s back.",
                        user=approval.requested_by_id.sudo().name,  # named to all
                        approval=approval.display_name,
                    )
                )
        recalled = self.env._("Taken back by %s.", self.env.user.name)
        for approval in self._cancel(recalled):
            approval._get_document()._on_approval_recalled()
        return True

    def _get_document(self):
        """Return the document, empty where it is gone."""
        self.ensure_one()
        return self._get_documents()[self]

    def _get_documents(self):
        """Return ``{approval: document}``, empty where it is gone."""
        documents = {}
        for model, approvals in self.grouped("res_model").items():
            found = self.env[model].browse(approvals.mapped("res_id")).exists()
            there = set(found.ids)
            for approval in approvals:
                ids = [approval.res_id] if approval.res_id in there else []
                documents[approval] = found.browse(ids).with_prefetch(found.ids)
        return documents

    def action_open_document(self):
        self.ensure_one()
        return self._get_document()._get_records_action()

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

    # === RIGHTS === #

    def _get_deciders(self):
        """Return who may decide now: ``{approval id: {user id: for whom, or None}}``.

        Meant for a superuser environment.
        """
        pending = self.filtered(lambda approval: approval.state == "pending")
        substitutes = self.env["credit.approval.substitute"]
        found = {approval.id: {} for approval in self}
        by_day = pending.grouped(lambda one: one.company_id._credit_today())
        for today, approvals in by_day.items():
            in_force = substitutes._get_in_force(today)
            for approval in approvals:
                found[approval.id] = engine.deciders(
                    approval.step_id._get_member_ids(),
                    in_force,
                    approval.document,
                    approval.excluded_ids.ids,
                    today,
                )
        return found

    @api.model
    def _check_has_say(self):
        """Refuse whoever decides on no approval at all, whatever it is about."""
        substitutes = self.env["credit.approval.substitute"]
        if not (self.env.su or substitutes._has_say(self.env.user)):
            raise AccessError(
                self.env._(
                    "Credit controllers, credit managers and whom an approval tier "
                    "names decide on approvals."
                )
            )

    def _check_may_decide(self):
        """Refuse whoever may not decide now; return ``{approval id: for whom}``."""
        if self.env.su:
            return {}
        self.check_access("read")
        found = self.sudo()._get_deciders()  # who decides is no data of the user
        for approval in self:
            if self.env.uid in found[approval.id]:
                continue
            if self.env.user in approval.sudo().excluded_ids:  # see above
                raise AccessError(
                    self.env._(
                        "You asked for %s yourself, or agreed to it before: another "
                        "person has to approve it.",
                        approval.display_name,
                    )
                )
            approval_sudo = approval.sudo()  # for whom it waits is told to everybody
            raise AccessError(
                self.env._(
                    "%(approval)s waits for “%(tier)s”: %(who)s.",
                    approval=approval.display_name,
                    tier=approval_sudo.step_id.name,
                    who=approval_sudo._name_deciders(found[approval.id]),
                )
            )
        return {
            approval.id: found[approval.id][self.env.uid] or False for approval in self
        }

    def _check_somebody_may_decide(self):
        """Refuse to wait for a level on which nobody but who asks could decide."""
        days = {one: one.company_id._credit_today() for one in self}
        substitutes = self.env["credit.approval.substitute"]
        in_force = {day: substitutes._get_in_force(day) for day in set(days.values())}
        for approval in self:
            today = days[approval]
            for step in approval.step_ids:
                if not engine.deciders(
                    step._get_member_ids(),
                    in_force[today],
                    approval.document,
                    approval.excluded_ids.ids,
                    today,
                ):
                    raise UserError(
                        self.env._(
                            "Nobody but you may approve “%(tier)s” for %(approval)s. "
                            "Ask a credit manager to name another approver or a "
                            "substitute.",
                            tier=step.name,
                            approval=approval.display_name,
                        )
                    )

    def _claim(self):
        """Lock approvals for a decision; refuse those that somebody else decided."""
        try:
            # who may decide need not be able to write
            self.sudo().lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is deciding on this. Try again.")
            ) from error
        self.invalidate_recordset(["state", "step_id"])
        states = dict(self._fields["state"]._description_selection(self.env))
        for approval in self.sudo():  # who decided is told to everybody who tries
            if approval.state != "pending":
                raise UserError(
                    self.env._(
                        "%(approval)s: %(state)s already by %(user)s.",
                        approval=approval.display_name,
                        state=states[approval.state].lower(),
                        user=approval.decided_by_id.name or self.env._("the system"),
                    )
                )

    # === DECIDE === #

    def _approve(self, note=""):
        """Approve the level that is due; the last one lets the document go on.

        :param note: the wording of the decision, kept for good
        :return: ``{approval: text}`` of what the user has to know: numbers that have
            grown, so that nothing was decided, or what could not be done
        """
        self._claim()
        on_behalf = self._check_may_decide()
        troubles = {}

        def approve(approval):
            trouble = approval._approve_one(note, on_behalf.get(approval.id))
            if trouble:
                troubles[approval] = trouble

        # the tier is the right to decide; the records are written by decisions only
        troubles |= one_by_one(self.sudo(), approve, "approving")
        return {one.with_env(self.env): words for one, words in troubles.items()}

    def _approve_one(self, note, on_behalf_id):
        """Do it with one; return what the user has to know of it."""
        if self._refresh_numbers():
            return self.env._(
                "The numbers have grown since it was asked for. Look at them again."
            )
        self._decide_step("approved", note, on_behalf_id)
        upcoming = self.step_ids.filtered(lambda step: step.state == "waiting")
        if upcoming:
            self._next_level(upcoming.sorted(lambda s: (s.level, s.id))[0])
            return None
        self._set_state("approved", **self._prepare_decision_vals(note))
        self._tell_requester()
        return self._get_document()._on_approval_granted()

    def _refuse(self, note=""):
        """Refuse; the document stays what it is, and who asked reads why.

        :return: ``{approval: text}`` of those that could not be refused
        """
        self._claim()
        on_behalf = self._check_may_decide()

        def refuse(approval):
            approval._decide_step("refused", note, on_behalf.get(approval.id))
            approval._set_state("refused", **self._prepare_decision_vals(note))
            approval._tell_requester()
            approval._get_document()._on_approval_refused(note)

        troubles = one_by_one(self.sudo(), refuse, "refusing")  # see _approve
        return {one.with_env(self.env): words for one, words in troubles.items()}

    def _cancel(self, note=""):
        """Take back pending approvals that are not wanted any more."""
        # the document decides that, not the user's rights
        return self.sudo()._set_state("cancelled", **self._prepare_decision_vals(note))

    @api.model
    def _prepare_decision_vals(self, note):
        """Return who closes an approval for good, when, and in which words."""
        return {
            "decided_by_id": self.env.uid,
            "decided_date": fields.Datetime.now(),
            "decision_note": note,
        }

    @api.model
    def _prepare_step_vals(self, tier):
        return {"name": tier.name, "level": tier.level, "tier_id": tier.id}

    def _decide_step(self, state, note, on_behalf_id):
        self.ensure_one()
        self.step_id._set_state(
            state,
            decided_by_id=self.env.uid,
            on_behalf_id=on_behalf_id,
            decided_date=fields.Datetime.now(),
            note=note,
            numbers=self.numbers,
        )

    def _next_level(self, step):
        """Ask the next level; who agreed before does not agree once more."""
        self._message_decision(self.step_id)
        self._done_activities()
        self.write(
            {
                "step_id": step.id,
                "excluded_ids": [fields.Command.link(self.env.uid)],
                "reminded_date": False,
                "asked_date": self.company_id._credit_today(),
            }
        )
        self._ask_deciders()

    def _refresh_numbers(self):
        """Take the numbers anew where they have grown, with the levels they need now.

        :return: whether they have grown
        """
        self.ensure_one()
        document = self._get_document()
        facts = document._approval_facts()
        share = min(facts["share_over"], MOST_SHARE)
        more = self.currency_id.compare_amounts(facts["amount"], self.amount) > 0
        if not more and share <= self.share_over + EPSILON:
            return False
        known = self.step_ids.tier_id
        needed = document._approval_tiers(facts)
        self.write(
            {
                "amount": facts["amount"],
                "share_over": share,
                "numbers": document._approval_numbers(facts),
                "step_ids": [
                    fields.Command.create(self._prepare_step_vals(tier))
                    for tier in needed - known
                ],
            }
        )
        return True
