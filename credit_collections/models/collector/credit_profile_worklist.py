from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools import access
from ...tools.client_actions import notification, open_dialog


class CreditProfile(models.Model):
    """The work list of a collector: who is next, later, or somebody else's."""

    _inherit = "credit.profile"

    snoozed_until = fields.Date(
        tracking=True,
        copy=False,
        help="The customer is not on the work list before this day. Runs go on.",
        groups=access.OFFICE,
    )
    is_on_worklist = fields.Boolean(
        "To Work On",
        compute="_compute_is_on_worklist",
        search="_search_is_on_worklist",
        help="Something is overdue, nobody put it off, and no lawyer has it.",
        groups=access.OFFICE,
    )

    def _compute_is_on_worklist(self):
        found = self.filtered_domain(self._worklist_domain())
        for profile in self:
            profile.is_on_worklist = profile in found

    @api.model
    def _search_is_on_worklist(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._worklist_domain()
        return domain if True in value else ~domain

    @api.model
    def _worklist_domain(self):
        over = self.env["res.company"]._credit_day_domain("snoozed_until", "<=")
        return (
            Domain("overdue_amount", ">", 0)
            & Domain("is_legal", "=", False)
            & (Domain("snoozed_until", "=", False) | over)
        )

    # === RIGHTS === #

    def _check_may_collect(self):
        self.check_access("read")
        access.require(
            self.env,
            self.env._("Only collectors work on the customers of the work list."),
            access.COLLECTOR,
        )

    # === NEXT === #

    def action_next_customer(self):
        """Open the next customer of the user's work list, the most urgent at its end.

        The user's own customers where there are any, else all; those contacted today
        are done.
        """
        self._check_may_collect()
        profile = self._get_next_customer()
        if not profile:
            message = self.env._("Nobody is left on the work list today.")
            return notification(message)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.credit_profile_action_worklist"
        )
        form = self.env.ref("credit_collections.credit_profile_view_form_cockpit")
        page = {
            **action,
            "views": [(form.id, "form")],
            "view_mode": "form",
            "res_id": profile.id,
        }
        return {
            "type": "ir.actions.client",
            "tag": "credit_collections.next_customer",
            "params": {"action": page},
        }

    def _get_next_customer(self):
        before = self.env["res.company"]._credit_day_domain("last_contact_date", "<")
        domain = (
            self._worklist_domain()
            & (Domain("last_contact_date", "=", False) | before)
            & Domain("id", "not in", self.ids)
        )
        mine = domain & Domain("is_mine", "=", True)
        order = "priority desc, id"
        if self.search_count(mine, limit=1):
            domain = mine
        if not self:
            return self.search(domain, order=order, limit=1)
        behind = Domain("priority", "<", self.priority) | (
            Domain("priority", "=", self.priority) & Domain("id", ">", self.id)
        )
        return self.search(domain & behind, order=order, limit=1) or self.search(
            domain, order=order, limit=1
        )

    # === LATER === #

    def action_snooze(self):
        return self._open_pause("snooze")

    def action_pause(self):
        return self._open_pause("pause")

    def _open_pause(self, kind):
        self._check_may_collect()
        name = (
            self.env._("Snooze")
            if kind == "snooze"
            else self.env._("Pause All Contacts")
        )
        return open_dialog(
            self.env, "collection.pause", name, kind=kind, profile_ids=self.ids
        )

    def action_wake(self):
        """Put customers back on the work list."""
        self._check_may_collect()
        self.sudo().write({"snoozed_until": False})  # checked above
        return True

    def _pause(self, kind, until, reason, note):
        """Put customers off until a day, and say so in their history."""
        self._check_may_collect()
        field = "snoozed_until" if kind == "snooze" else "do_not_contact_until"
        self.sudo().write({field: until})  # checked above
        words = " ".join(part for part in (reason.name, note) if part)
        body = (
            self.env._(
                "Put off until %(until)s. %(why)s",
                until=format_date(self.env, until),
                why=words,
            )
            if kind == "snooze"
            else self.env._(
                "No contact until %(until)s: %(why)s",
                until=format_date(self.env, until),
                why=words,
            )
        )
        self.sudo()._message_log_batch(  # checked above
            bodies=dict.fromkeys(self.ids, body),
            author_id=self.env.user.partner_id.id,
        )

    # === UP === #

    def action_escalate(self):
        self._check_may_collect()
        return open_dialog(
            self.env,
            "collection.escalate",
            self.env._("Escalate"),
            profile_ids=self.ids,
        )
