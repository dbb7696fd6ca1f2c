from odoo import fields, models


class SmsTracker(models.Model):
    """What became of the text messages of collection actions."""

    _inherit = "sms.tracker"

    collection_action_id = fields.Many2one(
        "collection.action",
        ondelete="cascade",
        index="btree_not_null",
        groups="base.group_user",
    )

    def _action_update_from_sms_state(
        self, sms_state, failure_type=False, failure_reason=False
    ):
        res = super()._action_update_from_sms_state(
            sms_state, failure_type=failure_type, failure_reason=failure_reason
        )
        actions = self.collection_action_id
        if sms_state in ("pending", "sent"):
            # an action that is done is not done again by a later report
            actions.filtered(lambda action: action.state != "sent")._succeed()
        elif sms_state in ("error", "canceled"):
            actions._fail(failure_reason or self._name_failure(failure_type))
        return res

    def _action_update_from_provider_error(self, provider_error):
        res = super()._action_update_from_provider_error(provider_error)
        _status, failure_type, reason = res
        self.collection_action_id._fail(reason or self._name_failure(failure_type))
        return res

    def _name_failure(self, failure_type):
        field = self.env["sms.sms"]._fields["failure_type"]
        labels = dict(field._description_selection(self.env))
        return labels.get(failure_type) or self.env._("The text message was cancelled.")
