from types import SimpleNamespace

from odoo import api, models

from ...engine.exposure.exposure import CustomerCredit, overdue_days
from ...engine.hub.standing import Standing, expired_days
from ...engine.limit.limits import Terms
from ...engine.rule.exemption import is_exempt
from ...sql.exposure.exposure import exposure
from ...sql.rule.standing import FACTS, lock_standing, read_standing

#: What the statements read, by model; pending changes of it are written before.
STATEMENT_FIELDS = {
    "account.move": ["move_type"],
    "account.move.line": [
        "account_id",
        "amount_residual",
        "amount_residual_currency",
        "balance",
        "collection_level",
        "company_id",
        "currency_id",
        "date_maturity",
        "display_type",
        "move_id",
        "parent_state",
        "partner_id",
        "price_total",
        "product_uom_id",
        "quantity",
        "reconciled",
    ],
    "res.partner": ["commercial_partner_id", "property_payment_term_id"],
    "sale.order": [
        "commitment_date",
        "company_id",
        "currency_id",
        "date_order",
        "partner_invoice_id",
    ],
    "sale.order.line": [
        "display_type",
        "is_downpayment",
        "order_id",
        "price_total",
        "product_uom_id",
        "product_uom_qty",
        "qty_delivered",
        "qty_invoiced",
        "qty_to_invoice",
        "state",
    ],
    "uom.uom": ["factor"],
    "res.company": ["credit_default_limit", "credit_default_policy", "currency_id"],
    "credit.collateral": [
        "active",
        "amount",
        "currency_id",
        "date_from",
        "date_to",
        "limit_share",
        "profile_id",
        "validated_date",
    ],
    "credit.group": ["credit_limit", "currency_id"],
    "credit.limit.change.line": [
        "date_from",
        "date_to",
        "group_id",
        "kind",
        "new_limit",
        "profile_id",
        "state",
    ],
    "credit.profile": [
        "broken_promise_count",
        "check_policy",
        "company_id",
        "credit_limit",
        "credit_status",
        "effective_limit",
        "group_id",
        "is_limited",
        "limit_expiry_date",
        "limit_policy",
        "partner_id",
        "risk_class_id",
        "segment_id",
        "status_reason_id",
    ],
}


class CreditProfile(models.Model):
    """The live position of customers: one statement for one customer and for all."""

    _inherit = "credit.profile"

    @api.model
    def _exposure_map(self, company, partner_ids=None, today=None, without_orders=()):
        """Return the exposure of customers by component.

        :param company: any company of the tree; the pot is that of its root
        :param partner_ids: commercial partners; all customers when ``None``
        :param without_orders: ids of orders that do not count
        :return: ``{partner_id: {component: amount, "oldest_due": date or None}}`` in
            company currency, for those customers with anything to count
        """
        self._flush_exposure_fields()
        pot = company._credit_pot(today)
        rows = self.env.execute_query(exposure(pot, partner_ids, without_orders))
        names = (*pot.columns, "oldest_due")
        return {
            partner_id: dict(zip(names, (*amounts, oldest_due), strict=True))
            for partner_id, *amounts, _past_due, oldest_due in rows
        }

    @api.model
    def _flush_exposure_fields(self):
        """Write pending changes of what the statements read."""
        for model, names in STATEMENT_FIELDS.items():
            self.env[model].flush_model(names)

    @api.model
    def _collect(
        self,
        company,
        partner_ids,
        *,
        lock=False,
        without_orders=(),
        today=None,
        skip=frozenset(),
    ):
        """Return the :class:`~..engine.exposure.CustomerCredit` of customers, live.

        Two statements, however many customers; one more where some are in credit groups
        with members in other companies.

        :param partner_ids: customers or contacts of them
        :param lock: write the profiles, so that no other decision uses the same credit
        :param today: the day of limits and due dates, default today
        :param skip: names of facts about the standing that nobody asks for
        :return: ``{partner_id: CustomerCredit}`` for every one of ``partner_ids``
        """
        root = company.sudo().browse(company._credit_root_id())  # the tree's policy
        self._flush_exposure_fields()
        pot = root._credit_pot(today)
        standings = self._read_standing(root, partner_ids, lock, pot, skip)
        customer_ids = {standing.customer_id for standing in standings.values()}
        members = self._members_by_company(standings.values())
        asked_for = customer_ids | members.pop(root.id, set())
        leftover = root._credit_scope(root.id).overdue_tolerance
        owed = exposure(pot, asked_for, without_orders, leftover)
        rows = self.env.execute_query(owed)
        exposures = {partner_id: values for partner_id, *values in rows}
        nothing = (*(0.0 for _name in pot.columns), 0.0, None)
        groups = self._group_exposures(
            pot, standings.values(), exposures, members, without_orders
        )
        return {
            partner_id: self._customer_credit(
                root,
                standing,
                exposures.get(standing.customer_id, nothing),
                pot,
                groups.get(standing.group_id, 0.0),
            )
            for partner_id, standing in standings.items()
        }

    @api.model
    def _get_facts(self):
        """Return what a decision knows about a customer, ``{name: Fact}``; override to
        add one for a kind of rule, in ``standing.more``: the same object every time."""
        return dict(FACTS)

    @api.model
    def _read_standing(self, root, partner_ids, lock, pot, skip=frozenset()):
        """Return ``{partner_id: namespace}`` with the facts of :meth:`_get_facts`; with
        ``lock`` a profile is made where there is none."""
        select = lock_standing if lock else read_standing
        facts = self._get_facts()
        statement = select(pot, partner_ids, tuple(facts.values()), skip)
        rows = self.env.execute_query(statement)
        found = {}
        for contact_ids, *row in rows:
            standing = SimpleNamespace(**dict(zip(facts, row, strict=True)))
            found.update(dict.fromkeys(contact_ids, standing))
        missing = self.env["res.partner"].browse(set(partner_ids) - set(found))
        if missing and lock:
            self._ensure(root, missing.commercial_partner_id.ids)
            return found | self._read_standing(root, missing.ids, lock, pot, skip)
        unknown = {name: fact.unknown for name, fact in facts.items()}
        for partner in missing:
            customer = partner.commercial_partner_id
            term = customer.with_company(root).property_payment_term_id
            known = {"customer_id": customer.id, "payment_terms": {root.id: term.id}}
            found[partner.id] = SimpleNamespace(**{**unknown, **known})
        return found

    @api.model
    def _customer_credit(self, root, standing, values, pot, group_exposure=0.0):
        *amounts, past_due, oldest_due = values
        return CustomerCredit(
            limit=self._get_effective_limit(
                standing.policy, standing.own_limit, root, self._get_terms(standing)
            ),
            components=dict(zip(pot.columns, amounts, strict=True)),
            overdue_amount=past_due,
            overdue_days=overdue_days(oldest_due, pot.today),
            on_hold=standing.status != "none",
            is_exempt=is_exempt(
                standing.check_policy,
                is_own_company=standing.customer_id in root._credit_own_partner_ids(),
                skips_own_companies=root._credit_scope(root.id).skips_own_companies,
            ),
            profile_id=standing.profile_id,
            partner_id=standing.customer_id,
            group_limit=standing.group_limit,
            group_exposure=group_exposure,
            standing=self._customer_standing(root, standing, pot.today),
        )

    @api.model
    def _customer_standing(self, root, standing, today):
        return Standing(
            group_id=standing.group_id,
            segment_id=standing.segment_id,
            risk_class_id=standing.risk_class_id,
            status=standing.status,
            status_reason_id=standing.status_reason_id,
            expiry_date=standing.limit_expiry_date,
            expired_days=expired_days(standing.limit_expiry_date, today),
            needs_expiry=root._credit_scope(root.id).needs_expiry,
            broken_promises=standing.broken_promises,
            dunning_level=standing.dunning_level,
            usual_terms=self.env["account.payment.term"]._credit_usual_terms(
                root, standing.payment_terms
            ),
            more={k: v for k, v in vars(standing).items() if k not in FACTS},
        )

    @api.model
    def _get_terms(self, standing):
        """Return the :class:`~..engine.limits.Terms` of a customer's standing."""
        return Terms(
            standing.temporary_limit, standing.collateral, standing.group_limit
        )
