from odoo.fields import Command

from ..common import CreditCommon


class RiskCommon(CreditCommon):
    """No factors and classes but those that a test makes: A from 0, B 30, C from 60."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factors = cls.env["credit.risk.factor"]
        cls.classes = cls.env["credit.risk.class"]
        cls.histories = cls.env["credit.risk.history"]
        cls.factors.search([]).active = False
        cls.classes.search([]).active = False
        cls.env.flush_all()  # two active ones can't begin with the same score
        cls.class_a, cls.class_b, cls.class_c = (
            cls.classes.create(
                {"name": name, "score_from": first, "review_months": months}
            )
            for name, first, months in (("A", 0, 12), ("B", 30, 6), ("C", 60, 3))
        )
        cls.reason = cls.env.ref("credit_collections.credit_reason_risk_insight")
        cls.auditor = cls._user("auditor", "account.group_account_readonly")

    @classmethod
    def _factor(cls, kind, *bands, **values):
        """Return a factor of ranges ``(low, high, score)`` or words ``(word, score)``;
        ``None`` leaves an end open."""
        return cls.factors.create(
            {
                "kind": kind,
                "band_ids": [Command.create(cls._band(kind, *band)) for band in bands],
                **values,
            }
        )

    @classmethod
    def _band(cls, kind, *band):
        if len(band) == 2:
            field = {"country": "country_id"}.get(kind, kind)
            return {field: band[0], "score": band[1]}
        low, high, score = band
        return {
            "low": low or 0.0,
            "high": high or 0.0,
            "is_open_low": low is None,
            "is_open_high": high is None,
            "score": score,
        }

    @classmethod
    def _scored(cls, customer=None):
        """Return the profile of a customer with a score of today."""
        profile = cls._profile(customer or cls.customer)
        profile.action_refresh()
        cls.profiles.sudo()._write_history(cls.company)
        cls.profiles.sudo()._write_scores(cls.company)
        return profile

    @classmethod
    def _facts(cls, profile):
        """Return ``{kind: fact}`` of a profile."""
        return {part["kind"]: part["fact"] for part in profile.risk_picture["parts"]}
