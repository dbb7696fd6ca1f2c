from collections import defaultdict

from odoo import models

from ...sql.hub.notes import copy_note
from .credit_profile import MANY

#: Key in the data of the transaction: what is to be noted with many customers.
NOTES = "credit_collections.notes"

#: Who may write messages in a way of his own, for them to be copied.
CORE = ("odoo.orm.", "odoo.models", "odoo.addons.base.", "odoo.addons.mail.")


class CreditProfile(models.Model):
    """What was changed for many customers at once is noted with them at once.

    Core writes a message for each, and then its values.
    """

    _inherit = "credit.profile"

    def _message_track(self, fields_iter, initial_values_dict):
        # what was written is read again, of all of them at once
        self.fetch({"currency_id", *fields_iter})
        data = self.env.cr.precommit.data
        notes = data[NOTES] = []
        try:
            tracking = super()._message_track(fields_iter, initial_values_dict)
        finally:
            data.pop(NOTES, None)  # may be empty again, behind a savepoint
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
        """Write messages, and what they say was changed.

        Where it is the same with many, the first one is written and copied: it takes
        two statements for each hundred to write them.
        """
        alike = defaultdict(list)
        for note in notes:
            alike[note["body"], repr(note["commands"])].append(note)
        is_copied = self._are_notes_plain()
        written, copied = [], {}
        for same in alike.values():
            if is_copied and len(same) > MANY:
                copied[same[0]["profile"]] = same[1:]
                written.append(same[0])
            else:
                written += same
        messages = self._write_notes(author_id, written)
        for note, message in zip(written, messages, strict=True):
            if others := copied.get(note["profile"]):
                profiles = self.browse(other["profile"].id for other in others)
                profiles._copy_note(message)

    def _write_notes(self, author_id, notes):
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
        return messages

    def _copy_note(self, message):
        """Note with these as well what a message says, as core would."""
        values = self.env["mail.tracking.value"]
        message.flush_model()
        values.flush_model()
        statement = copy_note(
            message.id,
            self.ids,
            _columns(message, "res_id"),
            _columns(values, "mail_message_id"),
        )
        self.env.execute_query(statement)
        self.invalidate_recordset(["message_ids"], flush=False)
        self.modified(["message_ids"])

    def _are_notes_plain(self):
        """Tell whether nothing else happens when a message is written, but what core
        does: an addon or a rule of automation may wait for each of them."""
        return all(
            vars(one)["create"].__module__.startswith(CORE)
            for model in ("mail.message", "mail.tracking.value")
            for one in type(self.env[model]).mro()
            if "create" in vars(one)
        )


def _columns(records, reference):
    """Return the names of the columns of a model, without the one that says whose a
    record is."""
    return [
        name
        for name, field in records._fields.items()
        if field.store and field.column_type and name not in ("id", reference)
    ]
