from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ...sql.strategy.collection_segment import assign_segments


class CollectionSegment(models.Model):
    """Customers who are treated alike: the first segment whose condition fits."""

    _name = "collection.segment"
    _description = "Collection Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="A customer is in the first segment whose condition fits."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: the segment is for all companies."
    )
    domain = fields.Char(
        "Condition",
        required=True,
        default="[]",
        help="Which credit profiles belong to the segment.",
    )
    strategy_id = fields.Many2one(
        "collection.strategy", ondelete="restrict", check_company=True
    )
    profile_count = fields.Integer("Customers", compute="_compute_profile_count")

    def _compute_profile_count(self):
        counts = dict(
            self.env["credit.profile"]._read_group(
                [("segment_id", "in", self.ids)], ["segment_id"], ["__count"]
            )
        )
        for segment in self:
            segment.profile_count = counts.get(segment, 0)

    @api.constrains("domain")
    def _check_domain(self):
        for segment in self:
            try:
                self.env["credit.profile"].search(segment._get_domain(), limit=1)
            except (ValueError, TypeError, SyntaxError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition of segment “%(segment)s” can't be read: "
                        "%(error)s",
                        segment=segment.name,
                        error=error,
                    )
                ) from error

    def _get_domain(self):
        return Domain(safe_eval(self.domain or "[]", {"uid": self.env.uid}))

    def action_open_profiles(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.credit_profile_action"
        )
        return {**action, "domain": [("segment_id", "=", self.id)], "context": {}}

    # === ASSIGNMENT === #

    @api.model
    def _assign(self, company, profiles=None):
        """Put customers of a root company in their segments, in one statement.

        Customers whose segment was chosen by hand stay there. Only rows that change are
        written.

        :param profiles: default all customers
        :return: number of customers whose segment or strategy changed
        """
        profiles_sudo = self.env["credit.profile"].sudo()  # nightly, for everybody
        profiles_sudo.env.flush_all()  # conditions may be about anything
        segments_sudo = self.sudo().search([("company_id", "in", (False, company.id))])
        whose = Domain("company_id", "=", company.id)
        profile_ids = None
        if profiles is not None:
            profile_ids = profiles.ids
            whose &= Domain("id", "in", profile_ids)
        found = [
            segment_sudo._members(whose, rank)
            for rank, segment_sudo in enumerate(segments_sudo)
        ]
        statement = assign_segments(company.id, found, profile_ids)
        rows = self.env.execute_query(statement)
        changed = profiles_sudo.browse(row[0] for row in rows)
        changed.invalidate_recordset(["segment_id", "strategy_id"], flush=False)
        return len(rows)

    def _members(self, whose, rank):
        """Select the profiles that the condition finds, with what they would get.

        :param whose: domain of the profiles that it is about
        """
        domain = whose & self._get_domain()
        # nightly, for everybody
        members = self.env["credit.profile"].sudo()._search(domain, order=None)
        return SQL(
            "(%s)",
            members.select(
                SQL("credit_profile.id AS id"),
                SQL("%s::int AS rank", rank),
                SQL("%s::int AS segment_id", self.id),
                SQL("%s::int AS strategy_id", self.strategy_id.id or None),
            ),
        )
