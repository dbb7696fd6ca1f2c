from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..sql.open_items import is_owed
from ..sql.promise import matched_now, write_suspensions

#: What a new promise may say about itself; all the rest is worked out.
GIVEN = {
    "profile_id",
    "currency_id",
    "date",
    "method",
    "contact_id",
    "user_id",
    "note",
    "plan_id",
    "instalment",
}


class CollectionPromise(models.Model):
    """Taking a promise: what it may be about, and what was paid before."""

    _inherit = "collection.promise"

    def _prepare_promise_vals(self, vals):
        """Return the values of a new promise, and its items as ``[(id, amount)]``."""
        items = [
            (command[2]["move_line_id"], command[2]["amount"])
            for command in vals.get("line_ids") or ()
            if command[0] == Command.CREATE
        ]
        if not items:
            raise UserError(self.env._("Choose the items that the promise is about."))
        values = {name: value for name, value in vals.items() if name in GIVEN}
        if self.env.su and "made_on" in vals:
            values["made_on"] = vals["made_on"]
        profile = self.env["credit.profile"].browse(vals["profile_id"])
        values.setdefault("user_id", (profile.collector_id or self.env.user).id)
        values.setdefault("currency_id", profile.currency_id.id)
        return {**values, "amount": sum(amount for _item, amount in items)}, items

    def _begin(self, items):
        """Put new promises in force.

        :param items: of each promise, ``[(move_line_id, amount)]``
        """
        lines = self.env["account.move.line"].browse(
            move_line_id for one in items for move_line_id, _amount in one
        )
        lines.check_access("read")
        self.profile_id.check_access("read")
        # lines and what follows are written by nobody; both ends could be read
        promises = self.sudo()
        promises._lock_items()
        for promise in promises:
            promise.plan_id = promise.plan_id or promise
        promises._create_lines(items)
        promises._check_items()
        promises._check_one_promise_per_item()
        promises._set_start()
        promises._on_changed()

    def _create_lines(self, items):
        self.env["account.partial.reconcile"]._flush_matching()
        ids = {move_line_id for one in items for move_line_id, _amount in one}
        before = {row[0]: row[1:] for row in self.env.execute_query(matched_now(ids))}
        self.env["collection.promise.line"].create(
            [
                {
                    "promise_id": promise.id,
                    "move_line_id": move_line_id,
                    "amount": amount,
                    "paid_before": before[move_line_id][0],
                    "credited_before": before[move_line_id][1],
                    "written_off_before": before[move_line_id][2],
                }
                for promise, one in zip(self, items, strict=True)
                for move_line_id, amount in one
            ]
        )

    def _set_start(self):
        """Write what a promise starts with: level, amounts in company currency."""
        broken = defaultdict(int)
        for item, count in self.env["collection.promise.line"]._read_group(
            [
                ("move_line_id", "in", self.line_ids.move_line_id.ids),
                ("promise_id.state", "=", "broken"),
            ],
            ["move_line_id"],
            ["promise_id:count_distinct"],
        ):
            broken[item] = count
        for promise in self:
            rate = promise.currency_id._get_conversion_rate(
                promise.currency_id,
                promise.company_currency_id,
                promise.company_id,
                promise.made_on,
            )
            promise.write(
                {
                    "level": max(
                        broken[item] for item in promise.line_ids.move_line_id
                    ),
                    "due_amount": promise.amount,
                    "company_rate": rate,
                    "company_amount": promise.amount * rate,
                    "company_due_amount": promise.amount * rate,
                }
            )

    # === CHECKS === #

    def _lock_items(self):
        """Take promises of a customer one at a time."""
        self.profile_id.lock_for_update()

    def _check_items(self):
        for promise in self:
            for line in promise.line_ids:
                promise._check_item(line.move_line_id)
        promised = defaultdict(float)
        for line in self.plan_id._get_plan().line_ids:
            promised[line.promise_id.plan_id, line.move_line_id] += line.amount
        for (plan, item), amount in promised.items():
            open_amount = item.amount_residual_currency
            if plan.currency_id.compare_amounts(amount, open_amount) > 0:
                raise UserError(
                    self.env._(
                        "%(item)s: %(promised)s was promised, but only %(open)s is "
                        "open.",
                        item=item.move_id.name,
                        promised=plan.currency_id.format(amount),
                        open=plan.currency_id.format(open_amount),
                    )
                )

    def _check_item(self, item):
        if (
            not is_owed(item)
            or item.partner_id.commercial_partner_id != self.profile_id.partner_id
            or item.company_id.root_id != self.company_id
        ):
            raise UserError(
                self.env._(
                    "%(item)s is no open item of %(customer)s.",
                    item=item.display_name,
                    customer=self.profile_id.partner_id.name,
                )
            )
        if item.currency_id != self.currency_id:
            raise UserError(
                self.env._(
                    "%(item)s is in %(currency)s: take one promise per currency.",
                    item=item.move_id.name,
                    currency=item.currency_id.name,
                )
            )

    def _check_one_promise_per_item(self):
        plans = defaultdict(self.browse)
        for line in self.env["collection.promise.line"].search(
            [
                ("move_line_id", "in", self.line_ids.move_line_id.ids),
                "|",
                ("promise_id.state", "=", "open"),
                ("promise_id", "in", self.ids),
            ],
            order="promise_id",
        ):
            plans[line.move_line_id] |= line.promise_id.plan_id
        for item, found in plans.items():
            if len(found) > 1:
                raise UserError(
                    self.env._(
                        "%(item)s is promised already (%(promise)s). Put that promise "
                        "off or cancel it first.",
                        item=item.move_id.name,
                        promise=found[0].display_name,
                    )
                )

    def _get_plan(self):
        """Return all instalments of the plans of these promises not withdrawn."""
        return self.search(
            [
                ("plan_id", "in", self.plan_id.ids),
                "|",
                ("cancel_reason_id", "=", False),
                ("is_written_off", "=", True),
            ]
        )

    # === WHAT FOLLOWS === #

    def _on_changed(self):
        """Let runs know, and bring the figures of the customers up to date."""
        self.flush_model()
        self.env["collection.promise.line"].flush_model()
        self.env.cr.execute(write_suspensions(self.plan_id.ids))
        self.env["collection.promise.line"].invalidate_model(
            ["suspended_until"], flush=False
        )
        self.profile_id._on_promises_changed()
