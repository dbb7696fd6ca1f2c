from odoo.fields import Command

from ..common import CreditCommon


class RuleCommon(CreditCommon):
    """A customer in a group, a segment and a risk class; salespeople confirm orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["credit.group"].create({"name": "Holding"})
        cls.segment = cls.env["collection.segment"].create({"name": "Retail"})
        cls.good, cls.risky = cls.env["credit.risk.class"].create(
            [
                {"name": "Good", "sequence": 1, "score_from": 98.0},
                {"name": "Risky", "sequence": 9, "score_from": 99.0},
            ]
        )
        cls.watched = cls.env["credit.reason"].create(
            {"name": "Watched", "kind": "status"}
        )
        cls.profile = cls._profile(cls.customer)
        cls.profile.sudo().write(
            {
                "group_id": cls.group.id,
                "segment_id": cls.segment.id,
                "risk_class_id": cls.risky.id,
            }
        )

    @classmethod
    def _terms(cls, name, days, **values):
        return cls.env["account.payment.term"].create(
            {
                "name": name,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100.0, "nb_days": days}
                    )
                ],
                **values,
            }
        )

    def _confirm(self, order=None, **values):
        """Let a salesperson confirm an order, and return it."""
        order = order or self._order(**values)
        order.with_user(self.salesperson).action_confirm()
        return order

    def _assert_passes(self, **values):
        self.assertEqual(self._confirm(**values).state, "sale")

    def _assert_held(self, kind, *words, **values):
        """The order is held for a rule of that kind, and the reason has these words."""
        order = self._confirm(**values)
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.credit_hold_id.line_ids.mapped("kind"), [kind])
        message = order.credit_hold_id.line_ids.message.replace("\xa0", " ")
        for word in words:
            self.assertIn(word, message)
        return order
