from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools.misc import formatLang

from ...engine.strategy import segmentation

#: What a customer's size and lateness may be measured by: stored figures of profiles.
SIZES = ("revenue_amount", "overdue_amount", "exposure")
LATENESSES = ("average_days_late", "overdue_days")
CLASSES = [("1", "Do not split"), ("2", "2 classes"), ("3", "3 classes")]


class CollectionSegmentPropose(models.TransientModel):
    """Propose segments from the data: by kind, size and how late customers pay."""

    _name = "collection.segment.propose"
    _description = "Propose Segments"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id", related_sudo=False)
    by_kind = fields.Boolean("Companies and Consumers Apart", default=True)
    size_field = fields.Selection(
        selection="_selection_size_field",
        string="Size By",
        required=True,
        default="revenue_amount",
    )
    size_classes = fields.Selection(CLASSES, required=True, default="2")
    lateness_field = fields.Selection(
        selection="_selection_lateness_field",
        string="Lateness By",
        required=True,
        default="average_days_late",
    )
    lateness_classes = fields.Selection(CLASSES, required=True, default="2")
    existing = fields.Selection(
        [
            ("before", "Stay, after the new ones"),
            ("archive", "Are archived"),
        ],
        string="Existing Segments",
        required=True,
        default="before",
        help="The new segments are for all customers of the company, so those after "
        "them have none left. Segments that several companies share are never "
        "archived.",
    )
    line_ids = fields.One2many("collection.segment.propose.line", "propose_id")

    @api.model
    def _selection_of(self, names):
        described = self.env["credit.profile"].fields_get(names, ["string"])
        return [(name, described[name]["string"]) for name in names]

    @api.model
    def _selection_size_field(self):
        return self._selection_of(SIZES)

    @api.model
    def _selection_lateness_field(self):
        return self._selection_of(LATENESSES)

    # === ACTIONS === #

    def action_propose(self):
        """Work out the segments and show how much falls in each."""
        self.ensure_one()
        self._check_may_propose()
        # figures of all customers, as every night; the right was checked above
        self.env["credit.profile"].sudo()._write_history(self.company_id)
        customers = self._get_customers()
        try:
            groups = segmentation.propose(
                customers,
                int(self.size_classes),
                int(self.lateness_classes),
                self.by_kind,
            )
        except segmentation.TooFewError as error:
            raise UserError(
                self.env._(
                    "%(company)s has %(found)s customers with something open or sold "
                    "in twelve months. That many segments need at least %(needed)s: "
                    "choose fewer classes.",
                    company=self.company_id.name,
                    found=error.found,
                    needed=error.needed,
                )
            ) from error
        strategies = self.env["collection.strategy"].search(
            [("company_id", "in", (False, self.company_id.id))]
        )
        lines = [
            Command.create(
                {"sequence": number, **self._prepare_line(group, strategies)}
            )
            for number, group in enumerate(groups, 1)
        ]
        self.line_ids = [Command.clear(), *lines]
        return self._reopen()

    def action_back(self):
        """Choose again."""
        self.ensure_one()
        self.line_ids = [Command.clear()]
        return self._reopen()

    def action_create_segments(self):
        """Make the segments of the proposal and put the customers into them."""
        self.ensure_one()
        self._check_may_propose()
        if not self.line_ids:
            raise UserError(self.env._("No segment is left in the proposal."))
        segments = self.env["collection.segment"]
        known = segments.search([("company_id", "in", (False, self.company_id.id))])
        first = min(known.mapped("sequence"), default=10) - len(self.line_ids)
        segments.create(
            [
                {
                    "name": line.name,
                    "sequence": first + number,
                    "company_id": self.company_id.id,
                    "domain": line.domain,
                    "strategy_id": line.strategy_id.id,
                }
                for number, line in enumerate(self.line_ids)
            ]
        )
        if self.existing == "archive":
            self._get_archived(known).active = False
        segments._assign(self.company_id)
        return self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_segment_action"
        )

    def _check_may_propose(self):
        self.env["collection.segment"].check_access("create")

    def _get_archived(self, segments):
        """Return those of the segments that are this company's alone."""
        roots_sudo = self.env[
            "res.company"
        ].sudo()  # also companies the user may not open
        if len(roots_sudo._credit_roots()) == 1:
            return segments
        return segments.filtered("company_id")

    def _reopen(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_segment_propose_action"
        )
        return {**action, "res_id": self.id}

    # === PROPOSAL === #

    def _get_customers(self):
        """Return the facts of the customers who owe something or bought something."""
        profiles = self.env["credit.profile"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain.OR(
                Domain(name, "!=", 0)
                for name in ("revenue_amount", "overdue_amount", "not_due_amount")
            )
        )
        return [
            segmentation.Customer(
                is_company=profile.partner_id.is_company,
                size=profile[self.size_field],
                lateness=profile[self.lateness_field],
                open_amount=profile.overdue_amount + profile.not_due_amount,
                overdue_amount=profile.overdue_amount,
            )
            for profile in profiles
        ]

    def _prepare_line(self, group, strategies):
        index = segmentation.choose(group.harshness, len(strategies))
        return {
            "name": self._get_name(group),
            "domain": repr(self._get_leaves(group)),
            "condition": self._get_condition(group),
            "customer_count": group.customers,
            "open_amount": group.open_amount,
            "overdue_amount": group.overdue_amount,
            "strategy_id": strategies[index : index + 1].id,
        }

    def _get_leaves(self, group):
        """Return the condition of a group, as people read it."""
        leaves = []
        if group.is_company is not None:
            leaves.append(("partner_id.is_company", "=", group.is_company))
        figures = (self.size_field, group.size), (self.lateness_field, group.lateness)
        for name, limits in figures:
            if limits.low is not None:
                leaves.append((name, ">=", limits.low))
            if limits.high is not None:
                leaves.append((name, "<", limits.high))
        return leaves

    def _get_condition(self, group):
        """Return the borders of a group in words."""
        titles = dict(self._selection_of((self.size_field, self.lateness_field)))
        figures = (self.size_field, group.size), (self.lateness_field, group.lateness)
        words = []
        for name, limits in figures:
            borders = {
                "title": titles[name],
                "low": self._format(limits.low),
                "high": self._format(limits.high),
            }
            if limits.low is not None and limits.high is not None:
                words.append(
                    self.env._("%(title)s from %(low)s to %(high)s", **borders)
                )
            elif limits.low is not None:
                words.append(self.env._("%(title)s from %(low)s", **borders))
            elif limits.high is not None:
                words.append(self.env._("%(title)s below %(high)s", **borders))
        return "; ".join(words)

    def _format(self, border):
        border = border or 0.0
        return formatLang(self.env, border, digits=0 if border == int(border) else 1)

    def _get_name(self, group):
        kinds = {True: self.env._("Companies"), False: self.env._("Consumers")}
        words = [kinds.get(group.is_company, self.env._("Customers"))]
        sizes = [self.env._("small"), self.env._("medium"), self.env._("large")]
        words += self._get_word(group.size, sizes)
        delays = [self.env._("prompt"), self.env._("slow"), self.env._("late")]
        words += self._get_word(group.lateness, delays)
        return ", ".join(words)

    @api.model
    def _get_word(self, limits, words):
        """Return the word of a class in a list: the outer ones where there are two."""
        if limits.classes == 1:
            return []
        return [words[-1 if limits.rank == limits.classes - 1 else limits.rank]]
