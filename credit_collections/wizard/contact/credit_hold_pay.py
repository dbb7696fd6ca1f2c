from odoo import fields, models

from ...engine.run.contact_kinds import DEMAND


class CreditHoldPay(models.TransientModel):
    """A link to pay asks for money: what speaks against that is in its dialog."""

    _name = "credit.hold.pay"
    _inherit = ["credit.hold.pay", "collection.asking"]

    collection_kind = fields.Selection(default=DEMAND, compute=None)

    def _get_asked(self):
        order_sudo = self.hold_id.order_id.sudo()  # the order that the dialog names
        return order_sudo._name, order_sudo.ids, self.link

    def action_send(self):
        return super(CreditHoldPay, self._answered()).action_send()
