from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from ...engine.promise import promises as engine
from ...sql.promise import (
    FACTS,
    READS,
    promise_facts,
    touched,
    unapplied_money,
    write_verdicts,
)
from ...tools.statements import flush

#: What the engine wants to know of each item, in its order.
ITEM = ("total", "owed", "paid", "credited", "written_off")

#: What is written by the judgement, by SQL.
JUDGED = [
    "state",
    "due_amount",
    "kept_amount",
    "unapplied_amount",
    "company_due_amount",
    "company_kept_amount",
    "is_written_off",
    "cancel_reason_id",
    "closed_on",
    "kept_rate",
    "kept_value_rate",
]


class CollectionPromise(models.Model):
    """What became of promises: when money comes or is taken back, and every night."""

    _inherit = "collection.promise"

    @api.model
    def _on_matched(self, items, partners):
        """Judge the promises that are touched when something is matched, or no more.

        One indexed statement where these promised nothing, none where nobody ever did.

        :param items: receivable items
        :param partners: whose money it is
        """
        if not (items or partners) or not self._credit_is_used():
            return
        rows = self.env.execute_query(touched(items.ids, partners.ids))
        if rows:
            # whoever books the money; the promises are judged for everybody
            self.sudo().browse(row[0] for row in rows)._evaluate()

    def _evaluate(self):
        """Write what became of these promises and of those they share money with.

        As many statements for one promise as for many.
        """
        promises = self._with_competitors()
        if not promises:
            return
        flush(self.env, READS)
        before, rows = {}, []
        reason = self._get_written_off_reason()
        for company, of_company in promises.grouped("company_id").items():
            today = company._credit_today()
            known, verdicts = of_company._judge(company, today)
            before.update(known)
            rows += verdicts
            if verdicts:
                self.env.cr.execute(write_verdicts(verdicts, today, reason.id or None))
        if rows:
            changed = self.browse(row[0] for row in rows)
            changed.invalidate_recordset(JUDGED, flush=False)
            changed._on_judged(before)

    def _with_competitors(self):
        """Add the rest of the plans, and what else may claim unmatched money."""
        of_customers = self.search(
            [
                ("profile_id", "in", self.profile_id.ids),
                "|",
                ("state", "=", engine.OPEN),
                ("unapplied_amount", ">", 0),
            ]
        )
        return (self | of_customers)._get_plan()

    def _judge(self, company, today):
        """Return the states before, and the rows of promises that are to be written."""
        roles = self.env["account.account"]._credit_roles()
        facts = [
            dict(zip(FACTS, row, strict=True))
            for row in self.env.execute_query(promise_facts(self.ids, roles))
        ]
        money = defaultdict(list)
        pot = company._credit_pot()
        statement = unapplied_money(pot, roles, self.profile_id.ids)
        for profile_id, currency_id, date, amount in self.env.execute_query(statement):
            money[profile_id, currency_id].append(engine.Money(date, float(amount)))
        scope = company._credit_scope(company.id)
        verdicts = {}
        for key, promises in _read_promises(facts).items():
            currency = self.env["res.currency"].browse(key[1])
            leftover = scope.overdue_tolerance / float(pot.worth(currency.id))
            verdicts.update(
                engine.judge(promises, money[key], today, currency.rounding, leftover)
            )
        by_hand = set(self.filtered("is_kept_by_hand").ids)
        known = {row["promise_id"]: row for row in facts}
        return (
            {promise_id: row["state"] for promise_id, row in known.items()},
            [
                row
                for promise_id, verdict in verdicts.items()
                if (row := _row(known[promise_id], verdict, promise_id in by_hand))
            ],
        )

    @api.model
    def _get_written_off_reason(self):
        """Return the reason of promises whose items were written off."""
        return self.env["credit.reason"].browse(
            self.env["ir.model.data"]._xmlid_to_res_id(
                "credit_collections.credit_reason_promise_written_off"
            )
        )

    # === BY HAND === #

    def _cancel(self, reason, note=None):
        self.check_access("write")
        self._check_open()
        # checked above; the note is for everybody who reads the promise
        promises_sudo = self.sudo()
        cancelled_sudo = promises_sudo._set_state(
            engine.CANCELLED, cancel_reason_id=reason.id
        )
        cancelled_sudo._log_states(note or reason.name)

    def _check_open(self):
        if any(promise.state != engine.OPEN for promise in self):
            raise UserError(self.env._("Only open promises can be closed."))

    def _get_state_ways(self):
        """Where people take promises; the judgement writes by statement what the money
        says."""
        return {
            **super()._get_state_ways(),
            engine.KEPT: {engine.OPEN},
            engine.CANCELLED: {engine.OPEN},
            engine.OPEN: {engine.KEPT, engine.CANCELLED},
        }

    def _write_state(self, target, vals):
        """Write states as the judgement does, with the rates that follow."""
        self.write(vals)
        self.flush_recordset()
        figures = ("due_amount", "kept_amount", "unapplied_amount")
        for company, promises in self.grouped("company_id").items():
            rows = [
                (one.id, target, *(one[name] for name in figures), False)
                for one in promises
            ]
            self.env.cr.execute(write_verdicts(rows, company._credit_today(), None))
        self.invalidate_recordset(JUDGED, flush=False)

    def _on_state_set(self, target):
        super()._on_state_set(target)
        self._drop_activities()
        self._on_changed()


def _read_promises(facts):
    """Return ``{(profile_id, currency_id): [engine.Promise]}``."""
    items, heads = defaultdict(list), {}
    for row in facts:
        heads[row["promise_id"]] = row
        items[row["promise_id"]].append(
            engine.Item(*(float(row[name]) for name in ITEM))
        )
    promises = defaultdict(list)
    for promise_id, row in heads.items():
        promises[row["profile_id"], row["currency_id"]].append(
            engine.Promise(
                id=promise_id,
                plan_id=row["plan_id"],
                amount=float(row["amount"]),
                made_on=row["made_on"],
                last_day=row["last_day"],
                items=tuple(items[promise_id]),
                is_missed=row["state"] in engine.MISSED,
            )
        )
    return promises


def _row(known, verdict, is_kept_by_hand):
    """Return what is to be written of a verdict, ``None`` when it is known already."""
    state = engine.KEPT if is_kept_by_hand else verdict.state
    figures = verdict.due, verdict.kept, verdict.unapplied
    names = "due", "kept", "unapplied"
    before = [float(known[name] or 0.0) for name in names]
    is_same = all(abs(a - b) < 1e-6 for a, b in zip(figures, before, strict=True))
    is_off = verdict.is_written_off and state == engine.CANCELLED
    if is_same and (state, is_off) == (known["state"], known["is_written_off"]):
        return None
    return known["promise_id"], state, *figures, is_off
