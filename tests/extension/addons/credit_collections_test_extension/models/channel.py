"""A channel: a message in a telephone's messenger, which is there at once."""

from odoo import api, fields, models

from odoo.addons.credit_collections.engine.strategy.channels import Channel

MESSENGER = Channel(
    "messenger",
    need="phone_contact_id",
    text="mail_template_id",
    is_written=True,
    is_immediate=True,
)


class CollectionChannelMixin(models.AbstractModel):
    _inherit = "collection.channel.mixin"

    channel = fields.Selection(
        selection_add=[("messenger", "Messenger")],
        # what a person does needs neither an address nor a text
        ondelete={"messenger": lambda records: records.write({"channel": "task"})},
    )

    @api.model
    def _get_channels(self):
        return {**super()._get_channels(), "messenger": MESSENGER}


class CollectionAction(models.Model):
    _inherit = "collection.action"

    messenger_text = fields.Html()

    def _do_messenger(self):
        template = self.step_id.mail_template_id
        bodies = template._render_field("body_html", self.ids, compute_lang=True)
        for action in self:
            action.messenger_text = bodies[action.id]
            action._set_queued()


class CollectionInteraction(models.Model):
    _inherit = "collection.interaction"

    channel = fields.Selection(
        selection_add=[("messenger", "Messenger")],
        ondelete={"messenger": "cascade"},
    )
