from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CollectionStep(models.Model):
    """One step of a strategy, a dunning level: when, how, with what it brings."""

    _name = "collection.step"
    _description = "Collection Step"
    _inherit = ["collection.channel.mixin", "credit.cached.mixin"]
    _order = "strategy_id, days, sequence, id"

    name = fields.Char(required=True, translate=True)
    strategy_id = fields.Many2one(
        "collection.strategy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="strategy_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    days = fields.Integer(
        "Days from Due Date",
        required=True,
        help="Days after the due date of the oldest item; negative: before it.",
    )
    level = fields.Integer(compute="_compute_level")
    channel = fields.Selection(required=True, default="email")
    text_field = fields.Char(
        compute="_compute_text_field", help="The field with the text of the channel."
    )
    is_by_person = fields.Boolean(
        compute="_compute_text_field", help="A person of the company does the step."
    )
    tone = fields.Selection(
        [
            ("friendly", "Friendly"),
            ("neutral", "Neutral"),
            ("firm", "Firm"),
            ("final", "Final"),
        ],
        required=True,
        default="neutral",
    )
    is_legal = fields.Boolean(
        "Legal Stage",
        help="Here the friendly part ends: customers show how many steps are left "
        "before it.",
    )
    opens_case = fields.Boolean(
        "Opens a Case", help="A case is opened with what is overdue, for the collector."
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="Text",
        domain="[('model', '=', 'collection.action')]",
        ondelete="restrict",
        help="What e-mails and letters say.",
    )
    sms_template_id = fields.Many2one(
        "sms.template",
        string="SMS Text",
        domain="[('model', '=', 'collection.action')]",
        ondelete="restrict",
    )
    responsible = fields.Selection(
        [
            ("collector", "Collector"),
            ("salesperson", "Salesperson"),
            ("manager", "Credit manager"),
        ],
        required=True,
        default="collector",
        help="Who calls or does the task. Where a customer has no collector or "
        "salesperson, the credit manager does.",
    )
    instruction = fields.Text(
        translate=True, help="What to say in the call, or what to do."
    )
    minimum_amount = fields.Float(
        help="The step is for at least this amount, in the currency of the company; "
        "below it nobody is contacted."
    )
    cost = fields.Float(
        help="What the action costs the company, in its currency: postage, minutes."
    )
    grouping = fields.Selection(
        [
            ("customer", "One for all items"),
            ("document", "One per document"),
        ],
        string="E-mails",
        required=True,
        default="customer",
        help="One e-mail that lists all items, or one per invoice: one contact with "
        "the customer either way.",
    )
    attach_invoices = fields.Boolean(
        help="The e-mail carries the invoices as PDF. They are made after the run, "
        "before the e-mail leaves."
    )
    attach_statement = fields.Boolean(
        help="The e-mail carries the statement of all open items as PDF."
    )
    has_portal_link = fields.Boolean(
        "Link to Pay",
        help="Documents in the text lead to their page in the portal, without a login.",
    )
    fee_amount = fields.Float(
        "Fee",
        help="Reminder fee that the text names, in the currency of the company. It is "
        "not booked.",
    )
    interest_rate = fields.Float(
        "Interest (% p.a.)",
        help="Late interest per year that the text names: on the open amount, for the "
        "days since the due date, 365 days a year. It is not booked.",
    )
    puts_on_hold = fields.Boolean(
        "Hold Orders",
        help="When the step has been done, new orders of the customer are held until "
        "somebody lifts it.",
    )
    escalate_to = fields.Selection(
        [
            ("manager", "Credit manager"),
            ("salesperson", "Salesperson"),
            ("user", "A certain person"),
        ],
        help="Who gets a task to look into it, besides the contact with the customer.",
    )
    escalate_user_id = fields.Many2one(
        "res.users", string="Person", domain="[('share', '=', False)]"
    )

    _check_numbers = models.Constraint(
        "CHECK (minimum_amount >= 0 AND cost >= 0)",
        "Minimum amounts and costs of steps can't be negative.",
    )
    _check_charges = models.Constraint(
        "CHECK (fee_amount >= 0 AND interest_rate >= 0)",
        "Fees and interest rates of steps can't be negative.",
    )
    _check_escalation = models.Constraint(
        "CHECK (escalate_to IS DISTINCT FROM 'user' OR escalate_user_id IS NOT NULL)",
        "Say who the step escalates to.",
    )

    @api.depends("strategy_id.step_ids", "days", "sequence")
    def _compute_level(self):
        for strategy, steps in self.grouped("strategy_id").items():
            levels = {
                step: level
                for level, step in enumerate(
                    strategy.step_ids.sorted(lambda step: (step.days, step.sequence)), 1
                )
            }
            for step in steps:
                step.level = levels.get(step, 0)

    @api.depends("channel")
    def _compute_text_field(self):
        channels = self._get_channels()
        for step in self:
            channel = channels.get(step.channel)
            step.text_field = channel and channel.text
            step.is_by_person = channel and channel.is_by_person

    @api.constrains(lambda self: self._get_text_fields())
    def _check_template(self):
        for step in self:
            step._check_has_text(step.channel)

    def _check_has_text(self, channel):
        """Refuse a channel that the step has no text for."""
        text = self._get_channels()[channel].text
        if text and not self[text]:
            labels = dict(self._fields["channel"]._description_selection(self.env))
            raise ValidationError(
                self.env._(
                    "Step “%(step)s” needs a text for its channel (%(channel)s).",
                    step=self.name,
                    channel=labels[channel],
                )
            )

    @api.model
    def _get_text_fields(self):
        """Return the fields with texts that channels need, and that of the channel."""
        texts = {channel.text for channel in self._get_channels().values()}
        return ["channel", *sorted(filter(None, texts))]
