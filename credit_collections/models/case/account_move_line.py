from odoo import fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """The case that a receivable item is in."""

    _inherit = "account.move.line"

    case_id = fields.Many2one(
        "collection.case",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )

    def action_open_case(self):
        """Open one case with these items."""
        self.env["collection.case.open"].check_access("create")
        items = self._open_receivables()
        items._check_free()
        profile = self.env["credit.profile"]._ensure(
            items.company_id.sudo().root_id,  # branches share the profile
            items.partner_id.commercial_partner_id.ids,
        )
        action = profile.action_open_case()
        action["context"]["default_move_line_ids"] = items.ids
        return action

    def _open_case(self, user=None, **values):
        """Open a case with these items, of one customer, and return it."""
        self._check_free()
        profile = self.env["credit.profile"]._ensure(
            self.company_id.sudo().root_id,  # branches share the profile
            self.partner_id.commercial_partner_id.ids,
        )
        self.env["collection.case"]._check_may_open(profile)
        items = {profile.id: [(item.id, item.amount_residual) for item in self]}
        return self.env["collection.case"]._open_with(profile, items, user, **values)

    def _check_free(self):
        """Refuse items of several customers, and those in another open case."""
        if not self:
            raise UserError(self.env._("Nothing is open that could be put in a case."))
        roots_sudo = self.company_id.sudo().root_id  # branches are one company here
        if len(self.partner_id.commercial_partner_id) != 1 or len(roots_sudo) != 1:
            raise UserError(
                self.env._("A case is about items of one customer in one company.")
            )
        for item in self:
            if item != item._open_receivables():
                raise UserError(
                    self.env._(
                        "Only open items of posted invoices go into cases, which %s is "
                        "not.",
                        item.move_id.name or item.display_name,
                    )
                )
            if item.case_id.state in ("open", "legal"):
                raise UserError(
                    self.env._(
                        "%(invoice)s is in case %(case)s already.",
                        invoice=item.move_id.name,
                        case=item.case_id.name,
                    )
                )
