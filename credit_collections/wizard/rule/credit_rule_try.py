from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...engine.rule import rule as engine_rule
from ...engine.rule import rule_order


class CreditRuleTry(models.TransientModel):
    """What the rules say about an order, one that there is or one that might be."""

    _name = "credit.rule.try"
    _description = "Try the Rules"

    order_id = fields.Many2one("sale.order", readonly=True)
    profile_id = fields.Many2one(
        "credit.profile",
        string="Customer",
        compute="_compute_profile_id",
        store=True,
        readonly=False,
    )
    company_id = fields.Many2one(related="profile_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="profile_id.currency_id", related_sudo=False)
    amount = fields.Monetary(
        "Order Of",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="An order of this amount, with taxes, nothing of it paid yet.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        compute="_compute_payment_term_id",
        store=True,
        readonly=False,
    )
    checkpoint = fields.Selection(
        "_selection_checkpoint", required=True, default=engine_rule.CONFIRM
    )
    verdict = fields.Selection(
        [
            ("held", "Would be held"),
            ("passes", "Would pass"),
            ("released", "Was released"),
        ],
        compute="_compute_verdict",
    )
    line_ids = fields.One2many(
        "credit.rule.try.line",
        "wizard_id",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
    )

    @api.model
    def _selection_checkpoint(self):
        """Return the checkpoints: what rules can be asked at."""
        fields_ = self.env["credit.rule"]._fields
        return [
            (name.removeprefix("at_"), field._description_string(self.env))
            for name, field in fields_.items()
            if name.startswith("at_")
        ]

    @api.depends("order_id")
    def _compute_profile_id(self):
        for wizard in self.filtered("order_id"):
            order_sudo = wizard.order_id.sudo()  # whose order it is
            wizard.profile_id = wizard.profile_id._ensure(
                order_sudo.company_id, order_sudo._credit_partner().ids
            )

    @api.depends("order_id")
    def _compute_amount(self):
        for wizard in self:
            # what it comes to, shown beside its name
            order_sudo = wizard.order_id.sudo()
            wizard.amount = order_sudo._credit_total() if order_sudo else wizard.amount

    @api.depends("order_id", "profile_id")
    def _compute_payment_term_id(self):
        for wizard in self:
            order_sudo = wizard.order_id.sudo()  # its terms, shown beside its name
            profile = wizard.profile_id
            partner = profile.partner_id.with_company(profile.company_id)
            wizard.payment_term_id = (
                order_sudo.payment_term_id
                if order_sudo
                else partner.property_payment_term_id
            )

    @api.depends("order_id", "profile_id", "amount", "payment_term_id", "checkpoint")
    def _compute_line_ids(self):
        lines = self.env["credit.rule.try.line"]
        for wizard in self:
            found = wizard._judge()
            wizard.line_ids = [Command.clear()] + [
                Command.create(lines._prepare_vals(judgement, *facts))
                for judgement, *facts in found
            ]

    @api.depends("line_ids.verdict", "order_id")
    def _compute_verdict(self):
        for wizard in self:
            today = wizard.company_id._credit_today()
            order_sudo = wizard.order_id.sudo()  # whether a release covers it
            status = wizard.profile_id.credit_status
            if order_sudo and order_sudo._credit_is_released(today, status):
                wizard.verdict = "released"
            elif wizard.profile_id:
                held = rule_order.FIRED in wizard.line_ids.mapped("verdict")
                wizard.verdict = "held" if held else "passes"
            else:
                wizard.verdict = False

    def _judge(self):
        """Return the judgements, each with the facts that its words need."""
        profile = self.profile_id
        if not profile:
            return []
        profile.check_access("read")
        if self.order_id:
            # sudo: who may read the profile may know what is said about its orders
            verdict, judgements = self.order_id.sudo()._credit_judge(self.checkpoint)
            customer, order = verdict.customer, verdict.order
        else:
            order = self._get_imagined_order()
            # sudo: as above
            customer, judgements = profile.sudo()._judge_order(
                profile.company_id, profile.partner_id, order
            )
        return [(one, customer, order, self.currency_id) for one in judgements]

    def _get_imagined_order(self):
        if self.amount < 0:
            raise UserError(self.env._("An order to try can't be negative."))
        terms = self.env["account.payment.term"]
        return engine_rule.Order(
            total=self.amount,
            on_credit=self.amount,
            terms=terms._credit_terms(self.payment_term_id.id),
            company_id=self.company_id.id,
            checkpoint=self.checkpoint,
        )
