from datetime import timedelta

from odoo.fields import Command

from ..common import CreditCommon


class GroupCommon(CreditCommon):
    """A group of two customers that may owe 1,500 together, and the rule that holds
    what exceeds limits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule("limit_used", limit_share=1.0)
        cls.first, cls.second = cls._customer("First"), cls._customer("Second")
        cls.group = cls._group("Group", 1500.0, cls.first + cls.second)

    @classmethod
    def _group(cls, name, limit, customers=(), **values):
        group = cls.env["credit.group"].create(
            {
                "name": name,
                "credit_limit": limit,
                "currency_id": cls.company.currency_id.id,
                **values,
            }
        )
        if customers:
            cls._profile(customers).group_id = group
        return group

    @classmethod
    def _temporary(cls, limit, first=0, last=0, **owner):
        """Post a temporary limit from so many days from today until so many."""
        change = cls.env["credit.limit.change"].create(
            {
                "kind": "temporary",
                "company_id": cls.company.id,
                "line_ids": [
                    Command.create(
                        {
                            "new_limit": limit,
                            "date_from": cls.today + timedelta(days=first),
                            "date_to": cls.today + timedelta(days=last),
                            **owner,
                        }
                    )
                ],
            }
        )
        change.sudo().line_ids.state = "posted"
        change.sudo().state = "posted"
        change.line_ids.profile_id._on_limits_changed()
        change.line_ids.group_id._on_limits_changed()
        return change

    @classmethod
    def _collateral(cls, customer, amount, validate=True, **values):
        profile = cls._profile(customer)
        collateral = cls.env["credit.collateral"].create(
            {
                "profile_id": profile.id,
                "type_id": cls.env.ref(
                    "credit_collections.credit_collateral_type_bank"
                ).id,
                "amount": amount,
                "currency_id": profile.currency_id.id,
                **values,
            }
        )
        if validate:
            collateral.action_validate()
        return collateral

    def _limit(self, customer, company=None):
        """Return the limit of a decision, which the stored one has to agree with."""
        company = company or self.company
        profile = self._profile(customer, company)
        live = self.profiles._collect(company, customer.ids)[customer.id].limit
        stored = profile.effective_limit if profile.is_limited else None
        self.assertEqual(stored, live)
        return live
