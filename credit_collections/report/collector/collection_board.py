from odoo import fields, models
from odoo.fields import Domain

from ...sql.collector.collection_board import board
from ...sql.hub.matching import READS


class CollectionBoard(models.Model):
    """Load and results of every collector, for managers and for the collectors."""

    _name = "collection.board"
    _description = "Collectors' Board"
    _auto = False
    _rec_name = "user_id"
    _order = "overdue_amount desc, id"
    _depends = {
        **READS,
        "account.move.line": [*READS["account.move.line"], "date_maturity"],
        "account.partial.reconcile": [*READS["account.partial.reconcile"], "max_date"],
        "collection.interaction": ["channel", "date", "direction", "profile_id"],
        "collection.team": ["active", "company_id", "sequence"],
        "collection.team.member": ["active", "capacity", "team_id", "user_id"],
        "credit.profile": [
            "active",
            "collected_amount",
            "collected_up_to",
            "collector_id",
            "last_contact_date",
            "overdue_amount",
            "overdue_days",
        ],
        "res.company": [*READS["res.company"], "collection_silence_days"],
    }

    user_id = fields.Many2one("res.users", string="Collector", readonly=True)
    team_id = fields.Many2one("collection.team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    customer_count = fields.Integer("Overdue Customers", readonly=True)
    overdue_amount = fields.Monetary("Overdue", readonly=True)
    oldest_days = fields.Integer(
        "Oldest, Days", readonly=True, aggregator="max", help="Age of the oldest item."
    )
    not_contacted_count = fields.Integer(
        "Not Contacted",
        readonly=True,
        help="Overdue customers whom nobody contacted for longer than the settings "
        "allow, or ever.",
    )
    action_count = fields.Integer(
        "Contacts This Month",
        readonly=True,
        help="Contacts of runs and of people this month with the customers the "
        "collector has today.",
    )
    call_count = fields.Integer(
        "Calls This Month", readonly=True, help="Those of the contacts that were calls."
    )
    collected_amount = fields.Monetary(
        "Collected in 30 Days",
        readonly=True,
        help="Money of the last 30 days that paid items of the collector's customers "
        "after their due date. Credit notes and write-offs do not count. Last night's, "
        "and what was matched since then.",
    )
    capacity = fields.Integer("Customers at Most", readonly=True, aggregator=None)
    is_limited = fields.Boolean(readonly=True)
    capacity_used = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Overdue customers in all companies as a share of the customers at most.",
    )

    @property
    def _table_query(self):
        # how far the night came is nobody's to see, nor is it about anybody
        roots_sudo = self.env["res.company"].sudo()._credit_roots()
        return board(
            self.env["res.company"]._credit_day_sql,
            self.env["account.account"]._credit_roles(),
            min(roots_sudo.mapped("collected_up_to"), default=0),
        )

    # === DRILL-DOWN === #

    def _open_profiles(self, **search):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.credit_profile_action"
        )
        domain = (
            Domain("collector_id", "=", self.user_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("overdue_amount", ">", 0)
        )
        return {**action, "domain": list(domain), "context": search}

    def action_open_customers(self):
        """Open the overdue customers of the collector."""
        self.ensure_one()
        return self._open_profiles()

    def action_open_not_contacted(self):
        """Open those of them who wait for a contact."""
        self.ensure_one()
        return self._open_profiles(search_default_not_contacted=1)
