from odoo import api, fields, models

from .credit_hold import WHOLE_ORDER


class CreditHold(models.Model):
    """What a hold stopped behind confirmation: invoices, and deliveries in the glue."""

    _inherit = "credit.hold"

    invoice_ids = fields.Many2many(
        "account.move",
        "credit_hold_invoice_rel",
        "hold_id",
        "move_id",
        string="Invoices",
        readonly=True,
        help="Draft invoices that wait for the release.",
    )
    stopped_summary = fields.Char(
        "Waiting",
        compute="_compute_stopped_summary",
        compute_sudo=True,
        help="What waits for the release besides the order itself.",
    )

    @api.depends("invoice_ids.state", "invoice_ids.name")
    def _compute_stopped_summary(self):
        for hold in self:
            documents = hold._stopped_documents()
            hold.stopped_summary = ", ".join(
                document.display_name for document in documents
            )

    def _stopped_documents(self):
        """Return a list of the records that wait for the release.

        Override to add those of another checkpoint.
        """
        return list(self.invoice_ids.filtered(lambda move: move.state == "draft"))

    def _stopped_value(self):
        """Return what waits comes to, in company currency."""
        # what was stopped is a fact, also for those without rights on it
        order_sudo = self.order_id.sudo()
        drafts_sudo = self.invoice_ids.sudo().filtered(
            lambda move: move.state == "draft"
        )
        return drafts_sudo._credit_values().get(order_sudo, 0.0)

    def _withholds(self):
        """Tell whether work on the order waits: deliveries, projects, purchases.

        Where a part of it was stopped, it goes on up to where the part stands.
        """
        held = self.state == "held" and self.checkpoint in WHOLE_ORDER
        return held or self._is_refused()

    def _is_refused(self):
        """Tell whether a change of a confirmed order, or a hold of it by hand, was
        rejected: nobody approved what the order is, so that nothing goes on but what
        was approved before."""
        return (
            self.state == "rejected"
            and self.checkpoint == "change"
            and not self.is_over
            and self.order_id.state == "sale"
        )

    def _end_refused(self):
        """What was rejected is no longer asked for, or was decided about anew."""
        self.filtered(lambda hold: hold.state == "rejected").is_over = True

    def _rule_checkpoint(self):
        """Return the checkpoint of the rules that this hold is about."""
        return "confirm" if self.checkpoint in WHOLE_ORDER else self.checkpoint

    def _verdicts(self):
        """Return what rules say of held orders now, at the checkpoint of each hold."""
        verdicts = {}
        for checkpoint, holds in self.grouped(CreditHold._rule_checkpoint).items():
            orders_sudo = holds.order_id.sudo()  # facts of all salespeople
            if checkpoint == "confirm":
                verdicts |= orders_sudo._credit_verdicts(lock=True)
            else:
                values = {hold.order_id: hold._stopped_value() for hold in holds}
                verdicts |= orders_sudo._credit_verdicts_at(
                    checkpoint, values, lock=True
                )
        return verdicts

    def _reasons_gone(self, lines, verdict):
        """Return those of the current reasons that ``verdict`` found no more.

        It clears only what it looked at: a reason of another checkpoint stays until
        somebody decides on it.
        """
        own, looked_at = self._rule_checkpoint(), verdict.checkpoint or "confirm"
        if own != looked_at:
            return lines.browse()
        found = {finding.rule_id for finding in verdict.findings}
        return lines.filtered(
            lambda line: (
                line.rule_id.id not in found
                and not line.rule_id._is_checked_elsewhere(own)
            )
        )

    def action_open_invoices(self):
        self.ensure_one()
        return self.invoice_ids._get_records_action(name=self.env._("Invoices"))

    # === CONTINUE === #

    def _continue_one(self):
        res = super()._continue_one()
        self._continue_stopped()
        return res

    def _continue_stopped(self):
        """Continue what waits besides the order. Override for other checkpoints."""
        # whoever may release lets the invoice go, also without rights to post
        drafts_sudo = self.invoice_ids.sudo().filtered(
            lambda move: move.state == "draft" and not move.credit_is_held
        )
        if drafts_sudo:
            drafts_sudo.action_post()

    def _lapse_idle(self):
        """Let holds lapse that stopped nothing that still waits."""
        idle = self.filtered(
            lambda hold: (
                hold.checkpoint not in WHOLE_ORDER and not hold._stopped_documents()
            )
        )
        idle._set_lapsed()
