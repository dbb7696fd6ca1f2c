from datetime import timedelta

from odoo.fields import Command

from ..run.common import CollectionCommon


class PromiseCommon(CollectionCommon):
    """Promises of a debtor; grace is none unless a test gives some."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.collection_promise_grace_days = 0
        cls.reason_mistake = cls.env.ref(
            "credit_collections.credit_reason_promise_mistake"
        )

    @classmethod
    def _day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def _items(cls, customer):
        items = customer.invoice_ids.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.debit
        )
        return items.sorted(lambda line: (line.date_maturity, line.id))

    @classmethod
    def _promise(cls, items, days=5, user=None, amounts=None, **values):
        """Return a promise for items, each with what is open or an amount."""
        amounts = amounts or items.mapped("amount_residual_currency")
        profile = cls._profile(items.partner_id)
        promises = cls.env["collection.promise"].with_user(user or cls.collector)
        return promises.create(
            {
                "profile_id": profile.id,
                "currency_id": items.currency_id.id,
                "date": cls._day(days),
                "line_ids": [
                    Command.create({"move_line_id": item.id, "amount": amount})
                    for item, amount in zip(items, amounts, strict=True)
                ],
                **values,
            }
        )

    @classmethod
    def _past(cls, promise, days):
        """Set a promise back by so many days, as if it had been made then."""
        back = timedelta(days=days)
        promises = promise.sudo()
        cls.env.flush_all()
        for one in promises:
            cls.env.cr.execute(
                """UPDATE collection_promise
                      SET made_on = made_on - %s, date = date - %s,
                          grace_until = grace_until - %s
                    WHERE id = %s""",
                (back, back, back, one.id),
            )
        promises.invalidate_recordset()
        promises._on_changed()
        return promise

    def _night(self):
        """Run the job of the night for the promises of this company."""
        promises = self.env["collection.promise"].sudo()
        promises.search([("company_id", "=", self.company.id)])._evaluate()
