from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    # the few that bounced, for the risk of a customer
    _credit_rejected_idx = models.Index("(partner_id) WHERE state = 'rejected'")
