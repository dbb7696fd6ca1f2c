from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import format_date

from ...engine.promise.instalments import in_equal_parts, over_items
from ...models.promise.collection_promise import METHODS
from ...sql.hub.open_items import is_owed


class CollectionPromiseMake(models.TransientModel):
    """Take a promise for some items: at once, or in instalments."""

    _name = "collection.promise.make"
    _description = "Take a Promise to Pay"

    date = fields.Date(
        "Pays On",
        required=True,
        default=lambda self: self.env.company._credit_today() + timedelta(days=7),
    )
    method = fields.Selection(METHODS, required=True, default="transfer")
    contact_id = fields.Many2one("res.partner", string="Promised By")
    note = fields.Text()
    line_ids = fields.One2many("collection.promise.make.line", "wizard_id")
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency",
        help="Empty where the items are in several currencies.",
    )
    customer_id = fields.Many2one("res.partner", compute="_compute_currency")
    customer_count = fields.Integer(compute="_compute_currency")
    amount = fields.Monetary(
        "Promised", compute="_compute_amount", inverse="_inverse_amount"
    )
    count = fields.Integer("Instalments", required=True, default=1)
    every = fields.Integer(required=True, default=1)
    unit = fields.Selection(
        [("weeks", "weeks"), ("months", "months")], required=True, default="months"
    )
    summary = fields.Text("Plan", compute="_compute_summary")

    _check_counts = models.Constraint(
        "CHECK (count BETWEEN 1 AND 60 AND every BETWEEN 1 AND 60)",
        "A plan has between 1 and 60 instalments, at most 60 weeks or months apart.",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        items = self.env["account.move.line"].browse(
            self.env.context.get("default_move_line_ids")
        )
        items = items.filtered(is_owed)
        if "line_ids" in fields_list:
            values["line_ids"] = [
                Command.create(
                    {"move_line_id": item.id, "amount": item.amount_residual_currency}
                )
                for item in items.sorted(lambda item: (item.date_maturity, item.id))
            ]
        return values

    # === COMPUTE === #

    @api.depends("line_ids.move_line_id")
    def _compute_currency(self):
        for wizard in self:
            items = wizard.line_ids.move_line_id
            currencies = items.currency_id
            customers = items.partner_id.commercial_partner_id
            wizard.currency_id = currencies if len(currencies) == 1 else False
            wizard.customer_id = customers if len(customers) == 1 else False
            wizard.customer_count = len(customers)

    @api.depends("line_ids.amount", "currency_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = (
                sum(wizard.line_ids.mapped("amount")) if wizard.currency_id else 0.0
            )

    @api.onchange("amount")
    def _inverse_amount(self):
        """Promise the oldest items first when less than all of it is promised."""
        for wizard in self:
            currency = wizard.currency_id
            total = sum(wizard.line_ids.mapped("amount"))
            if not currency or not currency.compare_amounts(wizard.amount, total):
                continue
            lines = wizard.line_ids
            open_amount = sum(line.open_amount for line in lines)
            if currency.compare_amounts(wizard.amount, open_amount) > 0:
                raise UserError(
                    self.env._(
                        "Only %s is open of these items.",
                        currency.format(open_amount),
                    )
                )
            items = [(line, line.open_amount) for line in lines]
            (shares,) = over_items([wizard.amount], items, currency.rounding)
            amounts = dict(shares)
            for line in lines:
                line.amount = amounts.get(line, 0.0)

    @api.depends("line_ids.amount", "date", "count", "every", "unit", "currency_id")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = "\n".join(
                f"{format_date(self.env, day)}: {currency.format(amount)}"
                for currency, lines in wizard._by_currency()
                for day, amount in wizard._get_parts(lines, currency)
            )

    # === PLAN === #

    def _by_currency(self):
        lines = self.line_ids.filtered(lambda line: line.amount > 0)
        return lines.grouped("item_currency_id").items()

    def _get_parts(self, lines, currency):
        """Return ``[(day, amount)]`` of the instalments for some items."""
        total = sum(lines.mapped("amount"))
        is_ready = self.date and 1 <= self.count <= 60 and 1 <= self.every <= 60
        if not is_ready or not total:
            return []
        return in_equal_parts(
            total, self.count, self.date, self.every, self.unit, currency.rounding
        )

    # === ACTIONS === #

    def action_make(self):
        """Take one promise per customer, currency and instalment."""
        self.ensure_one()
        for line in self.line_ids:
            if line.amount < 0:
                raise ValidationError(self.env._("Nobody promises less than nothing."))
        plans = [
            self._prepare_plan(profile, currency, lines)
            for currency, of_currency in self._by_currency()
            for profile, lines in self._by_profile(of_currency)
        ]
        promises = self._make([plan for plan in plans if plan])
        if not promises:
            raise UserError(self.env._("Choose the items that the promise is about."))
        return (
            promises._get_records_action(name=self.env._("Promises"))
            if len(promises) > 1
            else {"type": "ir.actions.act_window_close"}
        )

    def _by_profile(self, lines):
        """Return the lines by credit profile, which is made where there is none."""
        result = []
        by_company = lines.grouped(lambda line: line.move_line_id.company_id.root_id)
        for company, of_company in by_company.items():
            by_customer = of_company.grouped(
                lambda line: line.move_line_id.partner_id.commercial_partner_id
            )
            customer_ids = [customer.id for customer in by_customer]
            profiles = self.env["credit.profile"]._ensure(company, customer_ids)
            of_customer = profiles.grouped("partner_id")
            result += [
                (of_customer[customer], some) for customer, some in by_customer.items()
            ]
        return result

    def _prepare_plan(self, profile, currency, lines):
        """Return the values of the promises of a plan, one per instalment."""
        parts = self._get_parts(lines, currency)
        if any(amount <= 0 for _day, amount in parts):
            raise UserError(
                self.env._(
                    "%(amount)s can't be paid in %(count)s instalments.",
                    amount=currency.format(sum(lines.mapped("amount"))),
                    count=self.count,
                )
            )
        items = [(line.move_line_id.id, line.amount) for line in lines]
        shares = over_items(
            [amount for _day, amount in parts], items, currency.rounding
        )
        return [
            {
                "profile_id": profile.id,
                "currency_id": currency.id,
                "date": day,
                "method": self.method,
                "contact_id": self.contact_id.id,
                "note": self.note,
                "instalment": number,
                "line_ids": [
                    Command.create({"move_line_id": item_id, "amount": amount})
                    for item_id, amount in share
                ],
            }
            for number, ((day, _amount), share) in enumerate(
                zip(parts, shares, strict=True), 1
            )
        ]

    @api.model
    def _make(self, plans):
        """Take the promises of plans: the first of each, then those that follow it."""
        promises = self.env["collection.promise"]
        first = promises.create([vals_list[0] for vals_list in plans])
        return first + promises.create(
            [
                {**vals, "plan_id": one.id}
                for one, vals_list in zip(first, plans, strict=True)
                for vals in vals_list[1:]
            ]
        )


class CollectionPromiseMakeLine(models.TransientModel):
    """An item of the promise that is being taken."""

    _name = "collection.promise.make.line"
    _description = "Item of a Promise Being Taken"

    wizard_id = fields.Many2one(
        "collection.promise.make", required=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Item", required=True, ondelete="cascade"
    )
    item_currency_id = fields.Many2one(
        related="move_line_id.currency_id", related_sudo=False
    )
    partner_id = fields.Many2one(
        related="move_line_id.partner_id", related_sudo=False, string="Customer"
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id", related_sudo=False, string="Document"
    )
    date_maturity = fields.Date(
        related="move_line_id.date_maturity", related_sudo=False, string="Due"
    )
    open_amount = fields.Monetary(
        related="move_line_id.amount_residual_currency",
        related_sudo=False,
        string="Open",
        currency_field="item_currency_id",
    )
    amount = fields.Monetary("Promised", currency_field="item_currency_id")
