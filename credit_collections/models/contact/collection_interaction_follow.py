from odoo import api, fields, models

from ...sql.contact.interaction import insert_of_actions, write_last_contact_days


class CollectionInteraction(models.Model):
    """What follows from a contact: quiet days, and the next one for the owner."""

    _inherit = "collection.interaction"

    activity_id = fields.Many2one(
        "mail.activity",
        string="Next Activity",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )

    def unlink(self):
        activities = self.activity_id.sudo()  # of the contacts that may be deleted
        res = super().unlink()
        activities.unlink()
        return res

    def _follow_up(self):
        """Schedule, move or take away the activity of the next contact."""
        # collectors may not write profiles, on which the activities are
        for one in self.sudo():
            if not one.next_date:
                one.activity_id.unlink()
            elif one.activity_id:
                one.activity_id.date_deadline = one.next_date
            elif one.next_date >= fields.Date.context_today(self):
                one.activity_id = one._schedule_next()

    def _schedule_next(self):
        owner = self.profile_id.collector_id or self.user_id
        activity_type = "call" if self.channel == "call" else "todo"
        return self.profile_id.with_context(
            mail_activity_quick_update=owner == self.env.user
        ).activity_schedule(
            f"mail.mail_activity_data_{activity_type}",
            date_deadline=self.next_date,
            user_id=owner.id,
            summary=self.outcome_id.name or self.env._("Next contact"),
            note=self.agreed,
        )

    def _close_what_was_due(self):
        """Close the call of a run that this is, and what was agreed for until now."""
        # activities of colleagues are closed as well: the contact was made
        for one in self.sudo():
            due = one._get_due_before().activity_id if one.is_reached else None
            call = one.action_id.filtered(lambda action: action.state == "queued")
            activities = call.activity_id | (due or call.activity_id)
            if activities:
                activities.with_user(one.user_id).sudo()._action_done(
                    feedback=one.outcome_id.name or one.agreed
                )

    def _get_due_before(self):
        """Return earlier contacts of the customer whose next one was due by now."""
        return self.search(
            [
                ("profile_id", "=", self.profile_id.id),
                ("id", "!=", self.id),
                ("activity_id", "!=", False),
                ("next_date", "<=", fields.Date.context_today(self)),
            ]
        )

    # === WHAT FOLLOWS === #

    def _on_logged(self):
        """Count for the quiet days, and do what was agreed."""
        self._write_last_contacts()
        self._close_what_was_due()
        self._follow_up()

    def _on_corrected(self):
        self._write_last_contacts()
        self._follow_up()

    def _write_last_contacts(self):
        """Write the day of contacts that reached out to the customer."""
        reached = self.filtered(lambda one: one.direction == "out" and one.is_reached)
        if reached:
            rows = [
                (
                    one.profile_id.id,
                    fields.Datetime.context_timestamp(one, one.date).date(),
                )
                for one in reached
            ]
            self.env["credit.profile"].flush_model(["last_contact_date"])
            self.env.cr.execute(write_last_contact_days(rows))
            reached.profile_id.invalidate_recordset(["last_contact_date"], flush=False)

    # === RUNS === #

    @api.model
    def _log_actions(self, actions, note=None):
        """Log what a run did, in one statement; what was logged already stays.

        :param note: what was said, default the name of the step
        """
        if actions:
            actions.flush_recordset()
            actions.line_ids.flush_recordset()
            channels = self._get_channels().values()
            spoken = [channel.name for channel in channels if channel.is_spoken]
            statement = insert_of_actions(actions.ids, self.env.uid, spoken, note)
            self.flush_model()
            rows = self.env.execute_query(statement)
            self.invalidate_model(flush=False)
            actions.profile_id.invalidate_recordset(["interaction_ids"], flush=False)
            self.browse(row[0] for row in rows)._on_actions_logged()

    def _on_actions_logged(self):
        """React to contacts of a run that were logged by statement; override to do
        for them what :meth:`_on_logged` does for others."""
