from odoo import models

#: Key in the data of the transaction: what is to be noted with many customers.
NOTES = "credit_collections.notes"


class CreditProfile(models.Model):
    """What was changed for many customers at once is noted with them at once.

    Core writes a message for each, and then its values.
    """

    _inherit = "credit.profile"

    def _message_track(self, fields_iter, initial_values_dict):
        data = self.env.cr.precommit.data
        notes = data[NOTES] = []
        try:
            tracking = super()._message_track(fields_iter, initial_values_dict)
        finally:
            del data[NOTES]
        by_author = {}
        for note in notes:
            by_author.setdefault(note["author_id"], []).append(note)
        for author_id, theirs in by_author.items():
            self._note_changes(author_id, theirs)
        return tracking

    def _message_log(
        self, *, body="", author_id=None, tracking_value_ids=False, **more
    ):
        notes = self.env.cr.precommit.data.get(NOTES)
        if notes is None or more:
            return super()._message_log(
                body=body,
                author_id=author_id,
                tracking_value_ids=tracking_value_ids,
                **more,
            )
        notes.append(
            {
                "profile": self,
                "body": body,
                "author_id": author_id,
                "commands": tracking_value_ids,
            }
        )
        return self.env["mail.message"]

    def _note_changes(self, author_id, notes):
        """Write messages, and what they say was changed."""
        profiles = self.browse(note["profile"].id for note in notes)
        bodies = {note["profile"].id: note["body"] for note in notes}
        messages = profiles._message_log_batch(bodies, author_id=author_id)
        # as core writes them: nobody has a right to these
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for note, message in zip(notes, messages, strict=True)
                for _create, _none, values in note["commands"] or ()
            ]
        )
