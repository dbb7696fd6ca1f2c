from datetime import timedelta

from odoo.fields import Command

from ..common import CreditCommon


class LimitCommon(CreditCommon):
    """Customers whose limits only change by limit changes; a limit is good for a year.

    The customer has a limit of 1,000 and owes 600.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls._profile(cls.customer)
        cls.profile.write({"limit_policy": "limited", "credit_limit": 1000.0})
        cls._receivable(amount=600.0, due_in=5)
        cls.company.credit_limit_manual_edit = False
        cls.second_manager = cls._user(
            "credit_second_manager", "credit_collections.group_credit_manager"
        )
        cls.changes = cls.env["credit.limit.change"]

    @classmethod
    def _steel(cls, limit, **values):
        """Return a credit group; limits are the system's to write, as by an import."""
        groups = cls.env["credit.group"].sudo()
        group = groups.create({"name": "Steel", "credit_limit": limit, **values})
        return group.with_env(cls.env)

    @classmethod
    def _day(cls, number):
        return cls.today + timedelta(days=number)

    @classmethod
    def _change(cls, kind="permanent", user=None, lines=None, **values):
        """Return a draft; with one line for the customer, where no others are given.

        :param values: of the line
        """
        lines = lines or [{"profile_id": cls.profile.id, **values}]
        change = cls.changes.with_user(user or cls.manager).create(
            {"kind": kind, "line_ids": [Command.create(line) for line in lines]}
        )
        return change.with_env(cls.env)

    @classmethod
    def _posted(cls, kind="permanent", **values):
        """Return a change that a credit manager posted."""
        change = cls._change(kind, **values)
        change.with_user(cls.manager).action_submit()
        return change

    @classmethod
    def _raised(cls, limit=5000.0, start=0, end=10, **values):
        """Return a posted change with a temporary limit, from a day to a day."""
        return cls._posted(
            "temporary",
            new_limit=limit,
            date_from=cls._day(start),
            date_to=cls._day(end),
            **values,
        )
