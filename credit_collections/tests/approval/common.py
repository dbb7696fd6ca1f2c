from datetime import timedelta

from odoo.fields import Command

from ..common import LimitedCommon


class ApprovalCommon(LimitedCommon):
    """Orders that are held above a limit of 1,000, and people who approve releases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["credit.approval.tier"].search([]).active = False
        # named by a tier, and without any right on credit, sales or the ledger
        cls.director = cls._user("director", "base.group_user")
        cls.deputy = cls._user("deputy", "base.group_user")
        # stands in, so has a say elsewhere: a tier of credit notes nobody comes to here
        cls._tier(cls.deputy, "dispute_credit", name="Elsewhere", amount_from=1e9)
        cls.other_manager = cls._user(
            "other_manager", "credit_collections.group_credit_manager"
        )

    @classmethod
    def _tier(cls, users=None, document="release", **values):
        return cls.env["credit.approval.tier"].create(
            {
                "name": values.get("name", f"Level {values.get('level', 1)}"),
                "document": document,
                "user_ids": [Command.set((users or cls.director).ids)],
                **values,
            }
        )

    @classmethod
    def _substitute(cls, user, substitute, begin=0, end=0, **values):
        """Name a substitute, from and to so many days from today; ``None`` = no end."""
        return cls.env["credit.approval.substitute"].create(
            {
                "user_id": user.id,
                "substitute_id": substitute.id,
                "date_from": cls.today + timedelta(days=begin),
                "date_to": end is not None and cls.today + timedelta(days=end),
                **values,
            }
        )

    def _held(self, amount=1500.0, customer=None, **values):
        """Return the hold of an order that a salesperson tried to confirm."""
        order = self._order(customer or self.limited, amount, **values)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_hold_state, "held")
        return order.credit_hold_id

    def _release(self, hold, user, **values):
        return hold.with_user(user)._release(self.release_reason, **values)

    def _ask(self, holds, user=None, note="Paid tomorrow", **values):
        """Let a controller ask for the approval of releases, and return it."""
        holds.with_user(user or self.controller)._ask_for_release(
            self.release_reason, note=note, **values
        )
        return holds.approval_id

    def _approve(self, approval, user, note=""):
        return approval.with_user(user)._approve(note)
