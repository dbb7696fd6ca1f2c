from datetime import timedelta

from odoo.fields import Command

from ..run.common import CollectionCommon


class DisputeCommon(CollectionCommon):
    """A customer who complains, and a department without rights that finds out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._user("dispute_lead", "base.group_user")
        cls.member = cls._user("dispute_member", "base.group_user")
        cls.outsider = cls._user("dispute_outsider", "base.group_user")
        cls.department = cls.env["collection.department"].create(
            {
                "name": "Dispatch",
                "lead_id": cls.lead.id,
                "member_ids": [Command.set(cls.member.ids)],
                "days_to_answer": 3,
                "days_to_manager": 2,
            }
        )
        cls.reason = cls.env["credit.reason"].create(
            {
                "name": "Missing pieces",
                "kind": "dispute",
                "department_id": cls.department.id,
            }
        )
        cls.debtor = cls._debtor("Complainer")

    @classmethod
    def _item(cls, amount, days, **values):
        """Return an open item, so many days overdue."""
        move = cls._receivable(cls.debtor, amount, due_in=-days, **values)
        return cls._open_items(move)

    @classmethod
    def _dispute(cls, *items_and_amounts, user=None, **values):
        """Return a dispute of items, each followed by its disputed amount."""
        items, amounts = items_and_amounts[::2], items_and_amounts[1::2]
        lines = [
            {"move_line_id": item.id, "amount": amount}
            for item, amount in zip(items, amounts, strict=True)
        ]
        together = cls.env["account.move.line"].union(*items)
        dispute = together.with_user(user or cls.collector)._open_dispute(
            {"reason_id": cls.reason.id, **values}, lines
        )
        return dispute.with_env(cls.env)

    def _wizard(self, items, user=None):
        context = items.with_user(user or self.collector).action_dispute()["context"]
        wizards = self.env["collection.dispute.open"].with_user(user or self.collector)
        return wizards.with_context(**context).create({"reason_id": self.reason.id})

    def _let_days_pass(self, item, days):
        """Make an item, the last contact and its run so many days older."""
        item.date_maturity -= timedelta(days=days)
        profile = self._profile(self.debtor).sudo()
        for contact in profile.interaction_ids:
            contact.date -= timedelta(days=days)
        actions = self.env["collection.action"].sudo()
        for run in actions.search([("profile_id", "=", profile.id)]).run_id:
            run.date -= timedelta(days=days)

    def _propose(self, dispute, *amounts, user=None):
        """Propose amounts for the lines of a dispute, all of them without amounts."""
        dispute = dispute.with_user(user or self.member)
        wizard = self.env["collection.dispute.accept"].with_user(user or self.member)
        wizard = wizard.create({"dispute_id": dispute.id})
        for line, amount in zip(wizard.line_ids, amounts, strict=False):
            line.amount = amount
        wizard.action_accept()

    def _approve(self, dispute):
        """Let a credit manager approve, and return the credit notes."""
        dispute.with_user(self.manager).action_approve()
        return dispute.credit_note_ids
