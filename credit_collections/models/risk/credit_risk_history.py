from odoo import api, fields, models
from odoo.exceptions import AccessError


class CreditRiskHistory(models.Model):
    """One change of a customer's score or class. Never changed, never removed."""

    _name = "credit.risk.history"
    _description = "History of Risk Scores"
    _order = "id desc"
    _rec_name = "date"

    profile_id = fields.Many2one(
        "credit.profile",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="profile_id.company_id")
    date = fields.Date(required=True, readonly=True)
    source = fields.Selection(
        [
            ("score", "Score"),
            ("override", "Chosen by hand"),
            ("end", "Choice ended"),
        ],
        string="Why",
        required=True,
        readonly=True,
    )
    score = fields.Float(readonly=True, aggregator="avg")
    score_before = fields.Float(readonly=True, aggregator=None)
    class_id = fields.Many2one("credit.risk.class", readonly=True, ondelete="restrict")
    class_before_id = fields.Many2one(
        "credit.risk.class", readonly=True, ondelete="restrict"
    )
    parts = fields.Json(readonly=True, help="What the score was made of.")
    reason_id = fields.Many2one("credit.reason", readonly=True, ondelete="restrict")
    note = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()
        return super().create(vals_list)

    def write(self, vals):
        # customers that are merged take their past along
        if set(vals) != {"profile_id"} or not self.env.su:
            self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._refuse()

    def _refuse(self):
        raise AccessError(
            self.env._("The history of scores writes itself and is never changed.")
        )
