from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang, ormcache

from ...engine import approval


class CreditApprovalTier(models.Model):
    """Whose approval a kind of document needs, from which amount and share on."""

    _name = "credit.approval.tier"
    _description = "Approval Tier"
    _inherit = "credit.cached.mixin"
    _order = "document, level, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    document = fields.Selection(
        selection="_selection_document",
        required=True,
        default="release",
        help="What has to be approved.",
    )
    level = fields.Integer(
        default=1,
        required=True,
        help="Level 1 decides first, then level 2, and so on. Each level needs another "
        "person.",
    )
    company_id = fields.Many2one(
        "res.company",
        domain="[('parent_id', '=', False)]",
        help="Company with its branches that uses the tier. Empty: all companies; "
        "amounts then count in the currency of each.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    amount_from = fields.Monetary(
        "From Amount", help="The tier is needed from this amount on. 0: always."
    )
    share_from = fields.Float(
        "From Share Over Limit",
        help="The tier is needed from this share over the limit on; for a change of a "
        "limit, the share by which it is raised. 0 %: always. Where an amount is set "
        "too, both have to be reached.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Approvers",
        domain="[('share', '=', False)]",
        help="Any one of them decides.",
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Approving Group",
        ondelete="restrict",
        help="Any one of its members decides, besides the approvers.",
    )
    date_from = fields.Date("Valid From")
    date_to = fields.Date("Valid Until")
    description = fields.Char(compute="_compute_description")

    _check_thresholds = models.Constraint(
        "CHECK (amount_from >= 0 AND share_from >= 0 AND level > 0)",
        "The amount and the share of an approval tier can't be negative, and levels "
        "begin at 1.",
    )
    _check_dates = models.Constraint(
        "CHECK (date_to >= date_from)",
        "An approval tier can't end before it begins.",
    )

    # === COMPUTE === #

    @api.model
    def _selection_document(self):
        """Return the kinds of documents that can need an approval; override to add."""
        # no tuples: Odoo exports a string in a bracket behind a marked one as a term
        labels = {
            "limit_change": self.env._("Limit change"),
            "release": self.env._("Release"),
            "dispute_credit": self.env._("Credit of a dispute"),
            "waiver": self.env._("Waiver"),
            "write_off": self.env._("Write-off"),
        }
        return list(labels.items())

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for tier in self:
            tier.currency_id = (tier.company_id or self.env.company).currency_id

    @api.depends(
        "amount_from", "share_from", "user_ids", "group_id", "level", "currency_id"
    )
    def _compute_description(self):
        for tier in self:
            tier.description = tier._describe()

    def _describe(self):
        """Return one sentence: when the tier is needed, and who decides."""
        self.ensure_one()
        money = formatLang(self.env, self.amount_from, currency_obj=self.currency_id)
        values = {"amount": money, "share": f"{self.share_from:.0%}"}
        if self.amount_from and self.share_from:
            when = self.env._(
                "From %(amount)s and %(share)s over the limit on", **values
            )
        elif self.amount_from:
            when = self.env._("From %(amount)s on", **values)
        elif self.share_from:
            when = self.env._("From %(share)s over the limit on", **values)
        else:
            when = self.env._("Always")
        # who approves is told to everybody who reads the tier
        tier_sudo = self.sudo()
        names = tier_sudo.user_ids.mapped("name")
        if self.group_id:
            names.append(tier_sudo.group_id.name)
        return self.env._("%(when)s: %(who)s", when=when, who=" / ".join(names) or "…")

    # === CONSTRAINTS === #

    @api.constrains("name", "user_ids", "group_id")
    def _check_approvers(self):
        for tier in self:
            if not tier.user_ids and not tier.group_id:
                raise ValidationError(
                    self.env._(
                        "Say who approves: users or a group, in “%s”.", tier.name
                    )
                )

    # === DECISIONS === #

    @api.model
    def _get_needed(self, case):
        """Return the tiers that an :class:`~..engine.approval.Case` needs, in order."""
        tiers = self._get_engine_tiers(case.company_id)
        return self.browse(tier.id for tier in approval.needed(tiers, case))

    @api.model
    @ormcache("root_id")
    def _get_engine_tiers(self, root_id):
        """Return the tiers of a root company for the engine; cached."""
        # what needs an approval is the same for everybody
        tiers_sudo = self.sudo().search([("company_id", "in", (False, root_id))])
        return [
            approval.Tier(
                id=tier.id,
                document=tier.document,
                level=tier.level,
                company_id=tier.company_id.id or None,
                amount_from=tier.amount_from,
                share_from=tier.share_from,
                date_from=tier.date_from or None,
                date_to=tier.date_to or None,
            )
            for tier in tiers_sudo
        ]
