from datetime import date

from odoo import api, models

from ...engine.hub.standing import AT_ONCE, PaymentTerms
from ...tools.versioned import versioned

#: An invoice of this day waits longest for the end of its month and of the next one.
LONGEST = date(2026, 7, 1)


class AccountPaymentTerm(models.Model):
    _name = "account.payment.term"
    _inherit = ["account.payment.term", "credit.cached.mixin"]
    _credit_is_versioned = True

    @api.model
    def _credit_cached_fields(self):
        return {"line_ids", "early_discount", "discount_percentage", "discount_days"}

    @api.model
    @versioned("term_id", of=("account.payment.term", "account.payment.term.line"))
    def _credit_terms(self, term_id):
        """Return the :class:`~..engine.standing.PaymentTerms` of payment terms.

        Without payment terms everything is due at once.
        """
        term = self.sudo().browse(term_id)  # terms are the same for every user
        if not term_id or not term.exists():
            return AT_ONCE
        ends = [line._get_due_date(LONGEST) for line in term.line_ids]
        has_discount = term.early_discount
        return PaymentTerms(
            id=term.id,
            days=max(((end - LONGEST).days for end in ends), default=0),
            discount=term.discount_percentage / 100 if has_discount else 0.0,
            discount_days=term.discount_days if has_discount else 0,
        )

    @api.model
    def _credit_usual_terms(self, root, by_company):
        """Return what a customer usually gets: ``{company_id: PaymentTerms}``.

        :param by_company: what is stored on the customer, ``{"company_id": term_id}``;
            companies without any have the default of the root company
        """
        partners = self.env["res.partner"].with_company(root)
        field = partners._fields["property_payment_term_id"]
        default = field.get_company_dependent_fallback(partners)
        usual = {None: self._credit_terms(default.id)}
        for company_id, term_id in (by_company or {}).items():
            usual[int(company_id)] = self._credit_terms(term_id)
        return usual


class AccountPaymentTermLine(models.Model):
    _name = "account.payment.term.line"
    _inherit = ["account.payment.term.line", "credit.cached.mixin"]
    _credit_is_versioned = True
