from odoo import api, fields, models
from odoo.tools import SQL

from ...sql.hub.decisions import count_decision


class CreditDecisionCount(models.Model):
    """How many decisions were taken about a customer, and about members of a group.

    Each decision writes its row, so that no two of them take the same credit, and
    nothing else does. Written by SQL alone.
    """

    _name = "credit.decision.count"
    _description = "Count of Credit Decisions"
    _log_access = False
    _rec_name = "decisions"

    profile_id = fields.Many2one(
        "credit.profile", "Customer", readonly=True, ondelete="cascade"
    )
    group_id = fields.Many2one("credit.group", readonly=True, ondelete="cascade")
    decisions = fields.Integer(readonly=True, required=True)

    _profile_uniq = models.UniqueIndex("(profile_id)")
    _group_uniq = models.UniqueIndex("(group_id)")

    @api.model
    def _of(self, whose, records):
        """Return ``{record: number of decisions}`` of profiles or groups."""
        about = [(whose, "in", records.ids)]
        return dict(self._read_group(about, [whose], ["decisions:sum"]))

    @api.model
    def _count(self, whose, records):
        """Let decisions about these that are being taken fail and be taken again."""
        if records:
            ids = SQL("unnest(%s) AS %s", records.ids, SQL.identifier(whose))
            self.env.cr.execute(count_decision(whose, ids))
