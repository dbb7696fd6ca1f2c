from odoo import api, fields, models

from ...sql.hub.open_items import is_owed


class CollectionInteraction(models.Model):
    """Contacts that lead to promises, or tell customers of broken ones."""

    _inherit = "collection.interaction"

    promise_id = fields.Many2one(
        "collection.promise",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The promise that the customer was told about.",
    )

    @api.model
    def _get_fixed_fields(self):
        return super()._get_fixed_fields() | {"promise_id"}

    # === ACTIONS === #

    def action_promise(self):
        """Take a promise for the items of the contact, else for what is open."""
        self.ensure_one()
        self.env["collection.promise"].check_access("create")
        items = self.move_line_ids.filtered(is_owed)
        action = (items or self._get_promising()).action_promise()
        context = {
            **action["context"],
            "default_contact_id": self.partner_id.id,
        }
        return {**action, "context": context}

    def _get_promising(self):
        """Return what a promise is about where the contact names no open item."""
        return self.profile_id

    def _get_following_action(self):
        """Where the outcome is a promise, ask for it."""
        if self.outcome_id.is_promise:
            return self.action_promise()
        return super()._get_following_action()
