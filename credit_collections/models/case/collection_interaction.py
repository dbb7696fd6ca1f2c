from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...sql.case import put_contacts_into_cases


class CollectionInteraction(models.Model):
    """The case that a contact was about."""

    _inherit = "collection.interaction"

    case_id = fields.Many2one(
        "collection.case",
        ondelete="set null",
        index="btree_not_null",
        domain="[('profile_id', '=', profile_id), ('state', '!=', 'closed')]",
        help="The case that the contact was about.",
    )

    @api.constrains("case_id")
    def _check_case(self):
        # the contact was readable; its customer may not be
        for one_sudo in self.sudo():
            if one_sudo.case_id and one_sudo.case_id.profile_id != one_sudo.profile_id:
                raise ValidationError(
                    self.env._(
                        "Case %(case)s is not one of %(customer)s.",
                        case=one_sudo.case_id.name,
                        customer=one_sudo.profile_id.partner_id.name,
                    )
                )

    def _get_promising(self):
        return self.case_id or super()._get_promising()

    # === WHAT FOLLOWS === #

    def _on_logged(self):
        self._find_case()
        super()._on_logged()

    def _find_case(self):
        """Put contacts about items of exactly one open case into that case."""
        for one_sudo in self.sudo():  # the case follows from the items, whoever owns it
            cases_sudo = one_sudo.move_line_ids.case_id
            cases_sudo = cases_sudo.filtered(lambda case: case.state != "closed")
            if not one_sudo.case_id and len(cases_sudo) == 1:
                one_sudo.case_id = cases_sudo

    def _on_actions_logged(self):
        """The same for the contacts of a batch of a run, in one statement."""
        super()._on_actions_logged()
        cases = self.env["collection.case"]
        if not cases._credit_is_used():
            return
        cases.flush_model(["state"])
        self.env["account.move.line"].flush_model(["case_id"])
        self.env.execute_query(put_contacts_into_cases(self.ids))
        self.invalidate_recordset(["case_id"], flush=False)
        cases.invalidate_model(["interaction_ids"], flush=False)
