from odoo import models

from ..run.collection_run import LETTERS

#: Letters of one PDF: as many as a browser waits for.
PRINT_BATCH = 300


class CollectionRun(models.Model):
    """Printing the letters of a run."""

    _inherit = "collection.run"

    def action_print_letters(self):
        """Print the letters of the run that wait."""
        self.ensure_one()
        waiting = self.env["collection.action"].search(
            [("run_id", "=", self.id), *LETTERS], order="id", limit=PRINT_BATCH
        )
        return waiting.action_print_letters()
