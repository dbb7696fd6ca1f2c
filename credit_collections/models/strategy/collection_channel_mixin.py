from odoo import api, fields, models

from ...engine.strategy.channels import CHANNELS


class CollectionChannelMixin(models.AbstractModel):
    """The channel of a step, of an action, of what changes or simulates one."""

    _name = "collection.channel.mixin"
    _description = "Channel of a Contact"

    channel = fields.Selection(
        [
            ("email", "E-mail"),
            ("sms", "SMS"),
            ("letter", "Letter"),
            ("portal", "Portal message"),
            ("call", "Call"),
            ("task", "Task"),
        ],
    )

    @api.model
    def _get_channels(self):
        """Return all channels of steps: ``{name: Channel}``.

        Override to add one: whom it needs, the text of the step that it needs, and how
        it reaches a customer. Its label is an option that is added to ``channel``, here
        and in the contact log, and the method of actions that is named after it
        (``_do_<name>``) does it. What it did it marks by ``_set_queued``; only that is
        put on record.
        """
        return dict(CHANNELS)
