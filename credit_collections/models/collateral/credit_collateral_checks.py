from odoo import api, models
from odoo.exceptions import ValidationError


class CreditCollateral(models.Model):
    """What can't be entered as collateral."""

    _inherit = "credit.collateral"

    @api.constrains("coverage_type", "type_id")
    def _check_coverage_type(self):
        for collateral in self.filtered("coverage_type"):
            if collateral.kind != "insurance":
                raise ValidationError(
                    self.env._(
                        "%s is no insurance, so it has no coverage type.",
                        collateral.type_id.name,
                    )
                )

    @api.constrains("guarantor_id", "profile_id")
    def _check_guarantor(self):
        for collateral in self.filtered("guarantor_id"):
            guarantor = collateral.guarantor_id.commercial_partner_id
            if guarantor == collateral.partner_id and collateral.kind in (
                "insurance",
                "guarantee",
            ):
                raise ValidationError(
                    self.env._("%s can't guarantee for its own debts.", guarantor.name)
                )

    @api.constrains("currency_id", "profile_id")
    def _check_currency(self):
        for collateral in self:
            currency, company = collateral.currency_id, collateral.company_id
            if currency == company.currency_id or self._has_rate(currency, company):
                continue
            raise ValidationError(
                self.env._(
                    "There is no exchange rate of %(currency)s in %(company)s, so "
                    "nobody knows what this is worth. Enter a rate first.",
                    currency=currency.name,
                    company=company.name,
                )
            )

    def _has_rate(self, currency, company):
        # whoever enters collateral need not be able to read rates of all companies
        rates_sudo = self.env["res.currency.rate"].sudo()
        return bool(
            rates_sudo.search_count(
                [
                    ("currency_id", "=", currency.id),
                    ("company_id", "in", [False, company.id]),
                ],
                limit=1,
            )
        )
