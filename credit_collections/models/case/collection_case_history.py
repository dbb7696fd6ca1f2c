from odoo import models
from odoo.tools import format_amount, format_date


class CollectionCase(models.Model):
    """What happened in a case, for the paper that goes to lawyers and agencies."""

    _inherit = "collection.case"

    def _get_history(self):
        """Return what was done about the items: ``date`` and ``text``, by date.

        Override to add documents of one's own.
        """
        self.ensure_one()
        entries = self._get_step_history() + self._get_own_history()
        if self.env["collection.promise"].has_access("read"):
            entries += self._get_contact_history() + self._get_promise_history()
        return sorted(entries, key=lambda entry: entry["date"])

    def _get_step_history(self):
        """Return the collection steps that were done about the items."""
        # what was done about the items is no secret of those who see the case
        actions_sudo = self.env["collection.action"].sudo()
        actions_sudo = actions_sudo.search(
            [
                ("line_ids.move_line_id", "in", self.move_line_ids.ids),
                ("state", "in", ("queued", "sent")),
                ("done_date", "!=", False),
            ]
        )
        return [
            {
                "date": self.company_id._credit_day_of(action_sudo.done_date),
                "text": action_sudo.step_id.name,
            }
            for action_sudo in actions_sudo
        ]

    def _get_own_history(self):
        """Return the dates of the case itself."""
        happened = (
            (self.open_date, self.env._("Case opened")),
            (self.demand_date, self.env._("Demand letter sent")),
            (
                self.handed_date,
                self.env._("Handed over to %s", self.handed_to_id.display_name),
            ),
            (self.returned_date, self.env._("Taken back")),
            (self.closed_date, self.env._("Case closed")),
        )
        return [{"date": date, "text": text} for date, text in happened if date]

    def _get_contact_history(self):
        """Return the contacts by hand; those of runs are there as steps already."""
        channels = dict(
            self.env["collection.interaction"]
            ._fields["channel"]
            ._description_selection(self.env)
        )
        return [
            {
                "date": one.company_id._credit_day_of(one.date),
                "text": ": ".join(
                    filter(None, (channels[one.channel], one.outcome_id.name))
                ),
            }
            for one in self.interaction_ids
            if not one.action_id
        ]

    def _get_promise_history(self):
        return [
            {
                "date": promise.made_on,
                "text": self.env._(
                    "Promised: %(amount)s by %(date)s",
                    amount=format_amount(self.env, promise.amount, promise.currency_id),
                    date=format_date(self.env, promise.date),
                ),
            }
            for promise in self.promise_ids
            if promise.state != "cancelled"
        ]
