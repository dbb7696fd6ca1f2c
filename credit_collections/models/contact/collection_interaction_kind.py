from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.run.contact_kinds import ANSWER, DEMAND, PAPER, counts
from ...sql.contact.interaction import COUNTS


class CollectionInteraction(models.Model):
    """What a contact was, and whether it has really happened."""

    _inherit = "collection.interaction"

    kind = fields.Selection(
        lambda self: self._selection_kind(),
        required=True,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        help="A demand asks for what is overdue: the quiet days count it, and all "
        "reasons not to contact a customer are about it.",
    )
    state = fields.Selection(
        [("waiting", "On Its Way"), ("done", "Done"), ("failed", "Failed")],
        string="Status",
        required=True,
        readonly=True,
        default="done",
    )
    day = fields.Date(
        "On",
        compute="_compute_day",
        store=True,
        help="The day on which the quiet days begin.",
    )
    is_counted = fields.Boolean("Counts for Quiet Days", compute="_compute_is_counted")
    mail_message_id = fields.Many2one(
        "mail.message",
        string="Message",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    sms_uuid = fields.Char("Text Message", readonly=True, index="btree_not_null")
    error = fields.Char("Why Not Sent", readonly=True)

    _counted_idx = models.Index(f"(profile_id, day) WHERE {COUNTS.code}")
    _waiting_idx = models.Index("(profile_id) WHERE state = 'waiting'")

    @api.model
    def _selection_kind(self):
        return [
            (DEMAND, self.env._("Demand")),
            (ANSWER, self.env._("Answer")),
            (PAPER, self.env._("Business paper")),
        ]

    # === COMPUTE === #

    @api.depends("direction")
    def _compute_kind(self):
        for one in self:
            one.kind = DEMAND if one.direction == "out" else ANSWER

    @api.depends("date", "company_id")
    def _compute_day(self):
        for one in self:
            one.day = one.company_id._credit_day_of(one.date)

    @api.depends("kind", "state", "direction", "is_reached")
    def _compute_is_counted(self):
        for one in self:
            one.is_counted = (
                one.direction == "out"
                and one.state == "done"
                and one.is_reached
                and counts(one.kind)
            )

    # === CRUD === #

    def write(self, vals):
        if "kind" in vals and not self.env.su:
            self._check_said_by_hand()
        return super().write(vals)

    def _check_said_by_hand(self):
        """What was sent is what it was when it was sent."""
        if self.action_id or any(one.mail_message_id or one.sms_uuid for one in self):
            raise UserError(self.env._("What was sent stays on record as what it was."))

    @api.model
    def _get_counting_fields(self):
        """Return the fields that a correction of a contact may change the last one by,
        or the next one."""
        return {
            *("next_date", "outcome_id", "channel", "date", "direction"),
            *("kind", "state", "is_reached", "profile_id"),
        }

    # === WHAT BECAME OF IT === #

    def _arrive(self):
        """What was on its way has been sent: it is a contact from now on."""
        arrived = self.filtered(lambda one: one.state != "done")
        if arrived:
            arrived.write(
                {"state": "done", "date": fields.Datetime.now(), "error": False}
            )

    def _wait(self):
        """It is tried once more."""
        self.write({"state": "waiting", "error": False})

    def _fail(self, error):
        """It was not sent, or came back: it is no contact."""
        failed = self.filtered(lambda one: one.state != "failed")
        if failed:
            failed.write({"state": "failed", "error": str(error or "")})
