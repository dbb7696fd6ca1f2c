from itertools import chain
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import split_every

from ...engine.limit import automatic_limits
from ...engine.limit.automatic_limits import propose
from ...sql.risk.risk import risk_facts
from .credit_limit_change import PROPOSED, SLICE

#: What is read of customers to propose a limit.
READ = [
    "risk_class_id",
    "revenue_amount",
    "limit_policy",
    "effective_limit",
    "is_limited",
    "currency_id",
    "partner_id",
]


class Wishes(NamedTuple):
    """What a proposal is to hold.

    :param class_ids: customers of these classes, none = all
    :param suggested: give customers whom no automatic limit is for what their class
        suggests
    :param direction: ``all``, only those who get more: ``raise``, or less: ``lower``
    """

    class_ids: tuple = ()
    suggested: bool = False
    direction: str = "all"


ALL = Wishes()


class CreditAutomaticLimit(models.Model):
    """Which limit customers of a risk class are due, by what is known about them."""

    _name = "credit.automatic.limit"
    _description = "Automatic Limit"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="The first that is for a customer decides."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: it counts in all companies."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Of all amounts here; converted on the day of the proposal.",
    )
    class_ids = fields.Many2many(
        "credit.risk.class",
        "credit_automatic_limit_class_rel",
        string="Risk Classes",
        help="Empty: all customers who have a class.",
    )
    max_revenue = fields.Monetary(
        "Maximum Turnover",
        help="Customers with a larger turnover in twelve months are left to a person. "
        "0: no maximum.",
    )
    has_base = fields.Boolean(
        "Limit Otherwise", help="Customers whom no line fits get a limit too."
    )
    base_limit = fields.Monetary(help="The limit of customers whom no line fits.")
    line_ids = fields.One2many(
        "credit.automatic.limit.line", "automatic_id", string="Limits", copy=True
    )

    _check_amounts = models.Constraint(
        "CHECK (base_limit >= 0 AND max_revenue >= 0)", "Amounts can't be negative."
    )

    @api.model
    def _get_limits(self, company, day):
        """Return what counts in a company, in its currency, for
        ``engine.automatic_limits``."""
        # proposals do not depend on who asks for them
        found_sudo = self.sudo().search([("company_id", "in", (False, company.id))])
        return tuple(one._as_engine(company, day) for one in found_sudo)

    def _as_engine(self, company, day):
        def worth(amount):
            return self.currency_id._convert(amount, company.currency_id, company, day)

        return automatic_limits.AutomaticLimit(
            class_ids=frozenset(self.class_ids.ids),
            max_revenue=worth(self.max_revenue) or None,
            base=worth(self.base_limit) if self.has_base else None,
            criteria=tuple(line._as_engine(worth) for line in self.line_ids),
        )

    # === PROPOSE === #

    @api.model
    def _propose(self, root, wishes=ALL):
        """Return a draft change of the limits that differ from the automatic ones.

        Customers with unlimited or no credit were decided about by a person and are
        left alone, so are those who share the limit of a group, and those in automatic
        changes that are not decided yet. An empty recordset where nothing differs.
        """
        lines = self._prepare_lines(root, wishes)
        first = next(lines, None)
        change = self.env["credit.limit.change"]
        if not first:
            return change
        change = change.create(
            {
                "kind": "automatic",
                "company_id": root.id,
                "description": self.env._("Automatic limits"),
            }
        )
        change._add_lines(chain([first], lines))
        return change

    @api.model
    def _prepare_lines(self, root, wishes):
        """Yield the values of the lines, of some customers at a time."""
        today = root._credit_today()
        limits = self._get_limits(root, today)
        suggested = self._get_suggested(root, today) if wishes.suggested else {}
        for ids in split_every(SLICE, self._get_candidates(root, wishes).ids):
            profiles = self.env["credit.profile"].browse(ids)
            profiles.fetch(READ)
            facts = self._get_facts(root, limits, today, profiles)
            # all of them before the first: what was read is forgotten in between
            yield from [
                {"profile_id": profile.id, "new_policy": "limited", "new_limit": amount}
                for profile in profiles
                for amount in [
                    _decide(profile, facts.get(profile.id, {}), limits, suggested)
                ]
                if amount is not None and _differs(profile, amount, wishes.direction)
            ]

    @api.model
    def _get_candidates(self, root, wishes):
        pending = Domain(
            [("kind", "=", "automatic"), ("change_id.state", "in", PROPOSED)]
        )
        domain = (
            Domain("company_id", "=", root.id)
            & Domain("risk_class_id", "!=", False)
            & Domain("limit_policy", "in", ("default", "limited"))
            & (Domain("group_id", "=", False) | Domain("limit_policy", "=", "limited"))
            & Domain("limit_line_ids", "not any", pending)
        )
        if wishes.class_ids:
            domain &= Domain("risk_class_id", "in", wishes.class_ids)
        return self.env["credit.profile"].search(domain, order="id")

    @api.model
    def _get_facts(self, root, limits, today, profiles):
        """Return ``{profile_id: {kind: fact}}`` of what the lines look at."""
        kinds = sorted({line.kind for one in limits for line in one.criteria})
        if not kinds:
            return {}
        profiles_sudo = self.env["credit.profile"].sudo()  # only for the proposal
        profiles_sudo._flush_risk_facts()
        statement = risk_facts(root._credit_pot(today), kinds, profiles.partner_id.ids)
        rows = self.env.execute_query(statement)
        return {
            profile_id: dict(zip(kinds, facts, strict=True))
            for profile_id, _class_id, _until, *facts in rows
        }

    @api.model
    def _get_suggested(self, root, today):
        return {
            one.id: one.currency_id._convert(
                one.suggested_limit, root.currency_id, root, today
            )
            for one in self.env["credit.risk.class"].search([])
            if one.suggested_limit
        }


def _decide(profile, facts, limits, suggested):
    """Return the limit that a customer is due, ``None`` where that is none."""
    class_id = profile.risk_class_id.id
    amount = propose(class_id, profile.revenue_amount, facts, limits)
    if amount is None:
        amount = suggested.get(class_id)
    return None if amount is None else profile.currency_id.round(amount)


def _differs(profile, amount, direction):
    """Tell whether a limit is another than that of a customer, in this direction."""
    if profile.is_limited:
        more = profile.currency_id.compare_amounts(amount, profile.effective_limit)
    else:
        more = -1  # any limit is less than none
    if profile.limit_policy == "default" and direction == "all":
        return True
    return {"all": more != 0, "raise": more > 0, "lower": more < 0}[direction]
