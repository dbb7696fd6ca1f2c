from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import split_every

from ...engine.strategy import dunning
from ...sql.strategy import collection_contact, collection_levels, due_items
from ...sql.strategy.collection_contact import CONTACTS, contacts
from ...sql.strategy.collection_levels import align_levels, write_next_steps
from ...sql.strategy.due_items import leading_items
from ...tools import access
from ...tools.statements import flush

#: Customers whose next step is worked out in one go.
BATCH = 5000


class CreditProfile(models.Model):
    """How the customer is collected from: segment, strategy, contacts, next step."""

    _inherit = "credit.profile"

    segment_id = fields.Many2one(
        "collection.segment",
        tracking=True,
        check_company=True,
        help="Assigned every night, unless it was chosen by hand.",
        groups=access.OFFICE,
    )
    is_segment_fixed = fields.Boolean(
        "Segment Chosen by Hand",
        tracking=True,
        help="The nightly assignment keeps it.",
        groups=access.OFFICE,
    )
    segment_note = fields.Char(
        "Why This Segment",
        help="The reason for choosing the segment by hand.",
        groups=access.OFFICE,
    )
    strategy_id = fields.Many2one(
        "collection.strategy",
        compute="_compute_strategy_id",
        store=True,
        figure=True,
    )
    do_not_contact_until = fields.Date(
        tracking=True, help="Nobody contacts the customer before this day."
    )
    is_legal = fields.Boolean(
        "Legal or Insolvent",
        tracking=True,
        help="The customer is insolvent or in legal hands: nobody else writes.",
    )
    last_contact_date = fields.Date("Last Contact", readonly=True, figure=True)
    collection_contact_id = fields.Many2one(
        "res.partner",
        string="Contact for Collections",
        tracking=True,
        ondelete="set null",
        index="btree_not_null",
        help="Who reminders go to. Without one: the contact for invoices, else the "
        "customer, else any contact who has the address.",
    )
    collector_id = fields.Many2one(
        "res.users",
        tracking=True,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        help="Who calls the customer and does the tasks of the strategy.",
    )
    levels_strategy_id = fields.Many2one(
        "collection.strategy",
        readonly=True,
        ondelete="set null",
        help="The strategy in which the levels of the items count.",
        figure=True,
        groups=access.OFFICE,
    )
    next_step_id = fields.Many2one(
        "collection.step",
        readonly=True,
        ondelete="set null",
        figure=True,
        groups=access.OFFICE,
    )
    next_step_date = fields.Date(
        readonly=True,
        help="When the leading item comes to the next step.",
        figure=True,
        groups=access.OFFICE,
    )
    steps_to_legal = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Steps left before the legal stage.",
        figure=True,
        groups=access.OFFICE,
    )

    @api.depends("segment_id.strategy_id")
    def _compute_strategy_id(self):
        for profile in self:
            profile.strategy_id = profile.segment_id.strategy_id

    @api.constrains("is_segment_fixed", "segment_note")
    def _check_segment_note(self):
        for profile in self:
            if profile.is_segment_fixed and not profile.segment_note:
                raise ValidationError(
                    self.env._(
                        "Say why %s is in a segment chosen by hand.",
                        profile.partner_id.name,
                    )
                )

    def _assign_segments(self, root):
        """Put these customers of a root company in their segments."""
        self.env["collection.segment"]._assign(root, self)

    def _write_next_steps(self, root):
        """Write the next step of these profiles of a root company, whose levels may
        not be those of their strategies yet."""
        self._align_levels(root)
        self._write_next_steps_of(root)

    def _write_next_steps_of(self, root):
        """Write the next step of these profiles of a root company, set-wise."""
        strategies = self.env["collection.strategy"]._get_engine_steps()
        days = {
            strategy_id: tuple(step.days for step in steps)
            for strategy_id, steps in strategies.items()
        }
        flush(self.env, due_items.READS)
        pot = root._credit_pot()
        for profile_ids in split_every(BATCH, self.ids):
            leads = (
                self.env.execute_query(leading_items(pot, days, profile_ids))
                if days
                else []
            )
            rows = [self._next_step_row(strategies, lead, pot.today) for lead in leads]
            self.env.execute_query(write_next_steps(profile_ids, rows))
        self.invalidate_recordset(
            ["next_step_id", "next_step_date", "steps_to_legal"], flush=False
        )

    def _align_levels(self, root):
        """Let levels of items count in the strategies that these customers have now.

        :return: those whose levels did not
        """
        if not self:
            return self
        flush(self.env, collection_levels.READS)
        rows = self.env.execute_query(align_levels(root._credit_pot(), self.ids))
        self.env["account.move.line"].invalidate_model(
            ["collection_level"], flush=False
        )
        self.invalidate_model(["levels_strategy_id"], flush=False)
        return self.browse(row[0] for row in rows)

    @api.model
    def _next_step_row(self, strategies, lead, today):
        profile_id, strategy_id, due_date, level = lead
        coming = dunning.next_step(strategies[strategy_id], due_date, level, today)
        return profile_id, coming.step.id, coming.date, coming.steps_to_legal

    # === WHO IS CONTACTED === #

    def _get_contacts(self):
        """Return ``{profile_id: {need: contact_id or None}}``, one statement."""
        if not self:
            return {}
        flush(self.env, collection_contact.READS)
        nobody = dict.fromkeys(CONTACTS)
        rows = self.env.execute_query(contacts(self.ids))
        found = {row[0]: dict(zip(CONTACTS, row[1:], strict=True)) for row in rows}
        return {profile.id: found.get(profile.id, nobody) for profile in self}
