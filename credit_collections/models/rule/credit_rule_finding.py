from odoo import api, models
from odoo.tools import format_date, formatLang


class CreditRule(models.Model):
    """What rules found against an order in plain words, with the numbers."""

    _inherit = "credit.rule"

    @api.model
    def _explain_finding(self, finding, customer, order, currency):
        """Say in plain words what was found, with the numbers.

        The words about a kind are those of the method that is named after it.
        """
        explain = getattr(self, f"_explain_{finding.kind}")

        def money(amount):
            return formatLang(self.env, amount, currency_obj=currency)

        return explain(finding, customer, order, money)

    # === WHAT IS OWED === #

    def _explain_limit_used(self, finding, customer, order, money):
        if finding.of_group:
            return self._explain_group_used(finding, customer, order, money)
        if not customer.limit:
            return self.env._(
                "The customer gets no credit. With this order %(after)s would be open.",
                after=money(customer.exposure + order.on_credit),
            )
        return self.env._(
            "With this order the exposure is %(after)s, %(used)s of the limit of "
            "%(limit)s (allowed: %(share)s). It is %(missing)s too much.",
            after=money(customer.exposure + order.on_credit),
            used=self._percent(finding.value),
            limit=money(customer.limit),
            share=self._percent(finding.threshold),
            missing=money(finding.missing),
        )

    def _explain_group_used(self, finding, customer, order, money):
        # whoever sees the order may know the name of the group
        group = self.env["credit.group"].sudo().browse(customer.group_id)
        return self.env._(
            "With this order the group %(group)s owes %(after)s, %(used)s of the limit "
            "of %(limit)s that its members share (allowed: %(share)s). It is "
            "%(missing)s too much.",
            group=group.name,
            after=money(customer.group_exposure + order.on_credit),
            used=self._percent(finding.value),
            limit=money(customer.group_limit),
            share=self._percent(finding.threshold),
            missing=money(finding.missing),
        )

    def _explain_days_overdue(self, finding, customer, order, money):
        return self.env._(
            "The oldest open invoice is %(days)s days overdue (allowed: %(allowed)s). "
            "%(overdue)s is overdue in all.",
            days=int(finding.value),
            allowed=int(finding.threshold),
            overdue=money(customer.overdue_amount),
        )

    def _explain_overdue_amount(self, finding, customer, order, money):
        return self.env._(
            "%(overdue)s is overdue (allowed: %(allowed)s).",
            overdue=money(finding.value),
            allowed=money(finding.threshold),
        )

    # === THE ORDER === #

    def _explain_order_amount(self, finding, customer, order, money):
        return self.env._(
            "The order comes to %(amount)s (allowed without a look: %(allowed)s).",
            amount=money(finding.value),
            allowed=money(finding.threshold),
        )

    def _explain_payment_terms(self, finding, customer, order, money):
        return self.env._(
            "Orders with the payment terms “%s” are looked at first.",
            self._terms_name(order.terms),
        )

    def _explain_terms_better(self, finding, customer, order, money):
        usual = customer.standing.terms_in(order.company_id)
        names = {
            "terms": self._terms_name(order.terms),
            "usual": self._terms_name(usual),
        }
        if finding.value > finding.threshold:
            return self.env._(
                "The order gives %(longer)s days longer credit than usual (allowed: "
                "%(allowed)s): “%(terms)s” instead of “%(usual)s”.",
                longer=int(finding.value),
                allowed=int(finding.threshold),
                **names,
            )
        return self.env._(
            "The order gives a better discount for early payment than usual: "
            "“%(terms)s” instead of “%(usual)s”.",
            **names,
        )

    def _terms_name(self, terms):
        # what they are called is no secret of those who see the order
        name = self.env["account.payment.term"].sudo().browse(terms.id or ()).name
        return name or self.env._("Due at once")

    # === THE CUSTOMER === #

    def _explain_manual(self, finding, customer, order, money):
        reason = self._status_name(customer)
        if not reason:
            return self.env._("The customer is on hold.")
        return self.env._("The customer is on hold: %(reason)s.", reason=reason)

    def _explain_account_status(self, finding, customer, order, money):
        return self.env._(
            "The account status of the customer is “%s”.", self._status_name(customer)
        )

    def _status_name(self, customer):
        reason_id = customer.standing.status_reason_id
        # why is no secret of those who see the order
        return self.env["credit.reason"].sudo().browse(reason_id or ()).name

    def _explain_limit_expired(self, finding, customer, order, money):
        last_day = customer.standing.expiry_date
        if not last_day:
            return self.env._(
                "Nobody said until when the credit limit is good; it is to be reviewed."
            )
        return self.env._(
            "The credit limit was good until %(date)s, %(days)s days ago (allowed: "
            "%(allowed)s).",
            date=format_date(self.env, last_day),
            days=int(finding.value),
            allowed=int(finding.threshold),
        )

    def _explain_risk_class(self, finding, customer, order, money):
        class_id = customer.standing.risk_class_id
        # what it is called is no secret of those who see the order
        risk_class = self.env["credit.risk.class"].sudo().browse(class_id or ())
        return self.env._("The customer is in risk class “%s”.", risk_class.name)

    def _explain_broken_promises(self, finding, customer, order, money):
        return self.env._(
            "Promises to pay that were broken: %(count)s (allowed: %(allowed)s).",
            count=int(finding.value),
            allowed=int(finding.threshold),
        )

    def _explain_dunning_step(self, finding, customer, order, money):
        return self.env._(
            "Reminders came to step %(level)s (orders are looked at from step "
            "%(allowed)s). %(overdue)s is overdue in all.",
            level=int(finding.value),
            allowed=max(int(finding.threshold), 1),
            overdue=money(customer.overdue_amount),
        )
