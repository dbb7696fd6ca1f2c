from odoo import api, fields, models

from ...engine.run import guard

#: Actions that wait to be printed, and those that have no address.
LETTERS = [("channel", "=", "letter"), ("state", "=", "queued")]
WITHOUT_ADDRESS = [("state", "=", "skipped"), ("skip_reason", "=", guard.NO_ADDRESS)]


class CollectionRun(models.Model):
    """What a run comes to, and the lists behind the numbers."""

    _inherit = "collection.run"

    planned_count = fields.Integer("To Contact", compute="_compute_counts")
    skipped_count = fields.Integer("Not Contacted", compute="_compute_counts")
    done_count = fields.Integer("Done", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    letter_count = fields.Integer("Letters to Print", compute="_compute_letter_count")
    no_address_count = fields.Integer(
        "Without Address", compute="_compute_no_address_count"
    )

    @api.depends("action_ids.state")
    def _compute_counts(self):
        groups = self.env["collection.action"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run.id, state): count for run, state, count in groups}
        for run in self:
            run.planned_count = counts.get((run._origin.id, "planned"), 0)
            run.skipped_count = counts.get((run._origin.id, "skipped"), 0)
            run.failed_count = counts.get((run._origin.id, "failed"), 0)
            run.done_count = counts.get((run._origin.id, "sent"), 0) + counts.get(
                (run._origin.id, "queued"), 0
            )

    @api.depends("action_ids.state")
    def _compute_letter_count(self):
        self._count_actions("letter_count", LETTERS)

    @api.depends("action_ids.skip_reason")
    def _compute_no_address_count(self):
        self._count_actions("no_address_count", WITHOUT_ADDRESS)

    def _count_actions(self, name, domain):
        groups = self.env["collection.action"]._read_group(
            [("run_id", "in", self.ids), *domain], ["run_id"], ["__count"]
        )
        counts = {run.id: count for run, count in groups}
        for run in self:
            run[name] = counts.get(run._origin.id, 0)

    # === LISTS === #

    def action_open_actions(self):
        """Open the actions of the run, of some states where a button names them."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_action_action"
        )
        states = self.env.context.get("collection_states")
        domain = [("run_id", "=", self.id)]
        lists = {
            "collection_letters": LETTERS,
            "collection_without_address": WITHOUT_ADDRESS,
        }
        for name, narrower in lists.items():
            if self.env.context.get(name):
                return {**action, "domain": [*domain, *narrower], "context": {}}
        if states:
            domain.append(("state", "in", states))
        context = {}
        if not states:
            context = {"search_default_group_state": 1}
        elif states == ["skipped"]:
            context = {"search_default_group_reason": 1}
        return {**action, "domain": domain, "context": context}
