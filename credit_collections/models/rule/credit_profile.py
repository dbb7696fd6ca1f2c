from odoo import api, fields, models

from ...engine.exposure.exposure import CustomerCredit, overdue_days
from ...engine.hub.standing import Standing, expired_days
from ...engine.rule import rule_order
from ...engine.rule.exemption import ALWAYS, NEVER, is_exempt
from ...sql.limit.standing import FACTS


class CreditProfile(models.Model):
    """What is known of customers when the rules are asked about their orders."""

    _inherit = "credit.profile"

    check_policy = fields.Selection(
        [(ALWAYS, "Always"), (NEVER, "Never")],
        string="Credit Check",
        tracking=True,
        help="Whether the credit rules look at the orders of this customer. Empty: as "
        "usual, which leaves out customers that are companies of this database where "
        "the credit policy says so. A customer on hold is held all the same.",
        policy=True,
    )

    # === COLLECT === #

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
        # the tree's policy
        root_sudo = company.sudo().browse(company._credit_root_id())
        self._flush_exposure_fields()
        pot = root_sudo._credit_pot(today)
        standings = self._read_standing(root_sudo, partner_ids, lock, pot, skip)
        exposures, groups = self._exposures_of(
            pot,
            standings.values(),
            without_orders,
            root_sudo._credit_scope(root_sudo.id).overdue_tolerance,
        )
        nothing = (*(0.0 for _name in pot.columns), 0.0, None)
        return {
            partner_id: self._customer_credit(
                root_sudo,
                standing,
                exposures.get(standing.customer_id, nothing),
                pot,
                groups.get(standing.group_id, 0.0),
            )
            for partner_id, standing in standings.items()
        }

    @api.model
    def _customer_credit(self, root, standing, values, pot, group_exposure=0.0):
        *amounts, past_due, oldest_due = values
        today = pot.today
        return CustomerCredit(
            limit=self._get_effective_limit(
                standing.policy, standing.own_limit, root, self._get_terms(standing)
            ),
            components=dict(zip(pot.columns, amounts, strict=True)),
            overdue_amount=past_due,
            overdue_days=overdue_days(oldest_due, today),
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
            standing=self._customer_standing(root, standing, today),
        )

    @api.model
    def _customer_standing(self, root, standing, today):
        # a temporary limit stands for the other one, which may be over meanwhile
        is_permanent = standing.temporary_limit is None
        expiry_date = standing.limit_expiry_date if is_permanent else None
        needs_expiry = is_permanent and root._credit_scope(root.id).needs_expiry
        return Standing(
            group_id=standing.group_id,
            segment_id=standing.segment_id,
            risk_class_id=standing.risk_class_id,
            status=standing.status,
            status_reason_id=standing.status_reason_id,
            expiry_date=expiry_date,
            expired_days=expired_days(expiry_date, today),
            needs_expiry=needs_expiry,
            broken_promises=standing.broken_promises,
            dunning_level=standing.dunning_level,
            usual_terms=self.env["account.payment.term"]._credit_usual_terms(
                root, standing.payment_terms
            ),
            more={
                name: value
                for name, value in vars(standing).items()
                if name not in FACTS
            },
        )

    # === JUDGE === #

    @api.model
    def _judge_order(self, company, partner, order, without_orders=()):
        """Judge an order as the gate does, and keep what became of every rule.

        Nothing is locked or written.

        :param order: :class:`~..engine.engine_rule.Order`
        :return: :class:`~..engine.exposure.CustomerCredit` and judgements of the rules
        """
        root = company.browse(company._credit_root_id())
        rules = self.env["credit.rule"]._get_engine_rules(root.id, order.checkpoint)
        credit = self._collect(root, partner.ids, without_orders=without_orders)
        customer = credit[partner.id]
        return customer, rule_order.explain(rules, customer, order)

    def action_try_rules(self):
        """Show what the rules say about an order of this customer."""
        self.ensure_one()
        return self._open_try_rules(
            {"default_profile_id": self.id, "default_amount": 1000.0}
        )

    @api.model
    def _open_try_rules(self, context):
        self.env["credit.rule.try"].check_access("create")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.credit_rule_try_action"
        )
        context = {"dialog_size": "extra-large", **context}
        return {**action, "target": "new", "context": context}
