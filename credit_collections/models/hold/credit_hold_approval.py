from typing import NamedTuple

from odoo import models

from ...engine import approval as engine
from ...tools.access import CONTROLLER, require
from .credit_hold_notice import RELEASE_ACTIVITY


class DueLevel(NamedTuple):
    """Who decides next on a hold: the tier (empty where none is set), its name, the
    ``{user id: for whom, or None}``, and whether it was asked for already."""

    tier: object
    name: str
    deciders: dict
    is_asked: bool

    @property
    def is_needed(self):
        """Whether it is needed whoever releases."""
        return bool(self.tier) or self.is_asked


class CreditHold(models.Model):
    """Releases that others have to approve, by the approval tiers of the company."""

    _name = "credit.hold"
    _inherit = ["credit.hold", "credit.approval.mixin"]

    # === WHAT IS TO BE DECIDED === #

    def _approval_document(self):
        return "release"

    def _approval_facts(self):
        self.ensure_one()
        return self._approval_facts_batch()[self]

    def _approval_facts_batch(self, share=None):
        """Return the facts as of now: orders and what customers owe go on changing.

        :param share: by which the orders may grow with the release; by default what
            was asked for
        """
        # the numbers of a decision, whatever the user may read of orders and ledger
        verdicts = self.order_id.sudo()._credit_verdicts()
        return {
            hold: hold._prepare_facts(
                verdicts[hold.order_id], hold.tolerance if share is None else share
            )
            for hold in self
        }

    def _prepare_facts(self, verdict, share):
        """Return the facts of a release; of the hold where no rule is in force."""
        customer, order = verdict.customer, verdict.order
        if customer:
            total, on_credit, limit = order.total, order.on_credit, customer.limit
            exposure, overdue = customer.exposure, customer.overdue_amount
            days = customer.overdue_days
        else:
            # who releases reads the order's total, as in _check_may_decide
            total, on_credit = (
                self.order_id.sudo()._credit_total(),
                self.amount_on_credit,
            )
            limit = self.limit_amount if self.is_limited else None
            exposure, overdue = self.exposure_amount, self.overdue_amount
            days = self.overdue_days
        over = 0.0
        if limit is not None:
            over = self.currency_id.round(max(exposure + on_credit - limit, 0.0))
        unlimited = self.env._("unlimited")
        return {
            "amount": total * (1 + share),  # what is let through with it
            "share_over": engine.share_over(limit, over),
            "company": self.company_id.sudo().root_id,  # of a branch: not the user's
            "currency": self.currency_id,
            "numbers": {
                self.env._("Customer"): self.partner_id.display_name,
                self.env._("Order"): total,
                self.env._("On credit"): on_credit,
                self.env._("Limit"): unlimited if limit is None else float(limit),
                self.env._("Exposure without the order"): exposure,
                self.env._("Over the limit"): over,
                self.env._("Overdue"): overdue,
                self.env._("Days overdue"): days,
                self.env._("Held for"): self.reason_summary or "",
            },
        }

    def _approval_fallback_group(self):
        return self._approval_managers()

    def _approval_excluded(self):
        """Whoever asked for the release has no part in deciding on it."""
        return self.asked_by_id

    def _approval_asked(self, deciders):
        """Where no tier is set, the one who decides on holds gets the task."""
        if self.approval_id.step_id.tier_id:
            return deciders
        return self.approver_id & deciders or deciders

    # === RELEASE === #

    def _release(self, reason, *, note="", **options):
        """Release what the user may release; tiers need the approval of who they name.

        Who presses Release and is named by the tier that is due decides with it. Where
        another level follows, the order stays held until that one has decided.
        """
        if self.env.su:
            return super()._release(reason, note=note, **options)
        self._check_reason(reason, "release")
        self._check_bounds(options.get("valid_days"), options.get("tolerance"))
        facts = {}
        for holds in self.grouped("company_id").values():
            share = holds[0]._get_tolerance(options.get("tolerance"))
            facts |= holds._approval_facts_batch(share)
        tiered = self.filtered(
            lambda hold: (
                hold.approval_state == "pending" or hold._approval_tiers(facts[hold])
            )
        )
        free = self - tiered
        errors = {}
        if free:
            errors |= super(CreditHold, free)._release(reason, note=note, **options)
        if tiered:
            errors |= tiered._release_by_approval(reason, note, options)
        return errors

    def _release_by_approval(self, reason, note, options):
        """Approve the release as the tier that is due; see :meth:`_release`."""
        self._claim_approval()
        asked = {"reason_id": reason.id, "note": note, **options}
        new = self.filtered(lambda hold: hold.approval_state != "pending")
        new._keep_tolerance(options)
        system = self.env.ref("base.user_root")
        for requester, holds in new.grouped(
            lambda hold: hold.asked_by_id or system
        ).items():
            holds._request_approvals(note, asked, requester)
        troubles = self.approval_id._approve(note)
        by_id = {approval.res_id: text for approval, text in troubles.items()}
        for hold in self.filtered(lambda hold: hold.approval_state == "pending"):
            # for whom it waits is told to all
            step_sudo = hold.approval_id.sudo().step_id
            by_id.setdefault(
                hold.id, self.env._("Waits for the approval of “%s”.", step_sudo.name)
            )
        return {hold: by_id[hold.id] for hold in self if hold.id in by_id}

    def _claim_approval(self):
        """Refuse decisions on holds that are decided, in the words of the hold."""
        self.check_access("read")
        # the tier is the right to decide; locking writes nothing
        self.sudo()._claim()

    def _ask_for_release(self, reason, *, note="", **options):
        """Ask those who may decide to release; the approval then does what was asked.

        :param options: as of :meth:`_release`
        """
        self._check_may_ask()
        self._check_reason(reason, "release")
        self._check_bounds(options.get("valid_days"), options.get("tolerance"))
        self._claim()
        self._keep_tolerance(options)
        asked = {"reason_id": reason.id, "note": note, **options}
        self._request_approvals(note, asked)
        # it is the approval's turn; that gives tasks to those who decide
        self.sudo().activity_unlink([RELEASE_ACTIVITY])

    def _keep_tolerance(self, options):
        """Keep by how much the orders may grow: who approves decides on that too."""
        for hold in self.sudo():  # written by decisions alone
            hold.tolerance = hold._get_tolerance(options.get("tolerance"))

    def _check_may_ask(self):
        require(
            self.env,
            self.env._("Only credit controllers and managers ask for approvals."),
            CONTROLLER,
        )

    def _needs_approval_of_others(self, tolerance=None):
        """Return the holds among these that the user can't release alone right away.

        :param tolerance: as :meth:`_release` takes it
        """
        due = self._get_due_levels(tolerance)
        return self.filtered(
            lambda hold: (
                (due[hold].is_needed or not hold._is_within_authority(tolerance))
                and self.env.uid not in due[hold].deciders
            )
        )

    def _get_due_levels(self, tolerance=None):
        """Return the :class:`DueLevel` of each hold, as of now."""
        facts = {}
        for holds in self.grouped("company_id").values():
            facts |= holds._approval_facts_batch(holds[0]._get_tolerance(tolerance))
        days = {hold: hold.company_id._credit_today() for hold in self}
        substitutes = self.env["credit.approval.substitute"]
        in_force = {day: substitutes._get_in_force(day) for day in set(days.values())}
        return {
            hold: hold._get_due_level(facts[hold], in_force[days[hold]])
            for hold in self
        }

    def _get_due_level(self, facts, substitutes):
        self.ensure_one()
        is_asked = self.approval_state == "pending"
        # who decides is told to who releases
        step_sudo = self.approval_id.sudo().step_id
        tier, group, excluded = (
            step_sudo.tier_id,
            step_sudo.group_id,
            step_sudo.approval_id.excluded_ids,
        )
        if not is_asked:
            tier = self._approval_tiers(facts)[:1]
            group = group if tier else self._approval_fallback_group()
            excluded = self.asked_by_id
        members = step_sudo._members(tier, group, facts["company"])
        today = self.company_id._credit_today()
        deciders = engine.deciders(
            members.ids, substitutes, self._approval_document(), excluded.ids, today
        )
        return DueLevel(tier, tier.name or group.name, deciders, is_asked)

    def _describe_who_approves(self, tolerance=None):
        """Return which levels decide first on these holds, and who is in them."""
        approvals_sudo = self.env["credit.approval"].sudo()  # see _get_due_level
        names = {
            level.name: approvals_sudo._name_deciders(level.deciders)
            for level in self._get_due_levels(tolerance).values()
        }
        return "; ".join(f"{name} ({who})" for name, who in names.items())

    # === WHAT FOLLOWS === #

    def _on_approval_granted(self):
        """Release as it was asked for."""
        options = dict(self.approval_id.options)
        reason = self.env["credit.reason"].browse(options.pop("reason_id"))
        errors = self._release(reason, **options)
        return "\n".join(errors.values())

    def _on_approval_refused(self, note):
        """The order stays held, for somebody to reject it or to ask anew."""
        self._schedule_decision(self.approver_id)

    def _on_approval_recalled(self):
        self._schedule_decision(self.approver_id)

    def _on_state_set(self, target):
        """A hold that is decided waits for nobody any more."""
        super()._on_state_set(target)
        states = dict(self._fields["state"]._description_selection(self.env))
        self._recall_approval(self.env._("No longer held: %s.", states[target]))
