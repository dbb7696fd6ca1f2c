from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.batches import in_turn
from ...tools.client_actions import notification

#: Holds that are evaluated in one go, give or take those of one customer.
BATCH_SIZE = 100

#: Whoever was looked at within this time is not looked at again by the same job.
FRESH = timedelta(hours=1)


class CreditHold(models.Model):
    """Looking at all held orders again, in the background."""

    _inherit = "credit.hold"

    is_evaluation_due = fields.Boolean(
        "Waits for Evaluation",
        readonly=True,
        help="Somebody asked for it; it is done in the background.",
    )
    evaluation_asked_by_id = fields.Many2one("res.users", readonly=True)

    _evaluation_due_idx = models.Index("(id) WHERE is_evaluation_due")

    @api.model
    def action_evaluate_all(self):
        """Have all held orders of the user's companies evaluated in the background;
        who asks is told when it is done."""
        self._check_may_evaluate()
        holds = self.search([("state", "=", "held")])
        if not holds:
            raise UserError(self.env._("No order is held; there is nothing to do."))
        # that it waits is no decision, and nobody may write the record by hand
        holds.sudo().write(
            {"is_evaluation_due": True, "evaluation_asked_by_id": self.env.uid}
        )
        # controllers run no jobs; this one they may start
        self.env.ref("credit_collections.ir_cron_evaluate").sudo()._trigger()
        return notification(
            self.env._(
                "%s held orders are being evaluated. You will be told when it is done.",
                len(holds),
            ),
            "info",
        )

    @api.model
    def _cron_evaluate(self):
        """Evaluate all held orders, customer by customer, those asked for first.

        It may be interrupted at any point: the next job goes on with those that were
        not looked at since.
        """
        holds = self.search(self._evaluation_domain(), order="profile_id, id")
        asked = holds.filtered("is_evaluation_due")
        is_over = in_turn(
            (*asked._batches(), *(holds - asked)._batches()),
            lambda some: some._evaluate_waiting(),
            "evaluating holds",
            parts=lambda some: some._customers_apart(),
            failed=lambda hold, error: hold._note_failure(error),
        )
        if is_over:
            self._tell_evaluated()

    @api.model
    def _evaluation_domain(self):
        since = fields.Datetime.now() - FRESH
        return Domain("state", "=", "held") & (
            Domain("is_evaluation_due", "=", True)
            | Domain("evaluated_date", "=", False)
            | Domain("evaluated_date", "<", since)
        )

    def _batches(self):
        """Return these holds in batches; those of one customer stay together, because
        they use the same credit."""
        batches = []
        for holds in self.grouped("profile_id").values():
            if batches and len(batches[-1]) + len(holds) <= BATCH_SIZE:
                batches[-1] += holds
            else:
                batches.append(holds)
        return batches

    def _evaluate_waiting(self):
        """Evaluate those that still wait, and that nobody else is at work on."""
        holds = self.try_lock_for_update().filtered(lambda hold: hold.state == "held")
        if holds:
            holds._evaluate()

    def _customers_apart(self):
        """Return holds by customer, those of one customer one by one."""
        customers = self.grouped("profile_id").values()
        return customers if len(customers) > 1 else self

    def _note_failure(self, error):
        # what went wrong is written by evaluations alone
        self.sudo().write(
            {
                "evaluated_date": fields.Datetime.now(),
                "evaluation_error": str(error) or type(error).__name__,
                "is_evaluation_due": False,
            }
        )

    @api.model
    def _tell_evaluated(self):
        """Tell those who asked for an evaluation what came of it."""
        asked = self.search([("evaluation_asked_by_id", "!=", False)])
        for user, holds in asked.grouped("evaluation_asked_by_id").items():
            if any(holds.mapped("is_evaluation_due")):
                continue
            env = holds.with_context(lang=user.lang).env
            failed = holds.filtered("evaluation_error")
            user._bus_send(
                "simple_notification",
                {
                    "type": "warning" if failed else "success",
                    "title": env._("Held orders were evaluated"),
                    "message": env._(
                        "%(all)s evaluated, %(released)s released, %(ready)s ready to "
                        "release, %(failed)s failed.",
                        all=len(holds),
                        released=len(holds.filtered(lambda h: h.state == "released")),
                        ready=len(
                            holds.filtered(lambda h: h.state == "held" and h.is_ready)
                        ),
                        failed=len(failed),
                    ),
                    "sticky": True,
                },
            )
            holds.evaluation_asked_by_id = False
