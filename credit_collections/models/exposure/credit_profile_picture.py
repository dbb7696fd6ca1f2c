from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...sql.hub.open_items import DRAFT, OPEN, OWED, UNAPPLIED, is_late
from ...sql.hub.undone import READS, undone_items
from ...tools.statements import flush

#: Components whose records are journal items: the condition on them.
ITEM_DOMAINS = {
    "overdue": lambda today: OWED & is_late(today),
    "not_due": lambda today: OWED & ~is_late(today),
    "unapplied": lambda today: UNAPPLIED,
}

#: Components whose records are orders: the column of the backlog that they are.
ORDER_COLUMNS = {"order": 0, "delivered": 1, "deposit": 2}

#: The list of records of a model, and how they are searched; others have their own.
LISTS = {
    "account.move.line": (
        "credit_collections.account_move_line_view_list_credit",
        "credit_collections.account_move_line_view_search_credit",
    ),
    "sale.order": (
        "credit_collections.sale_order_view_list_credit",
        "sale.view_sales_order_filter",
    ),
}


class CreditProfile(models.Model):
    """The exposure as a picture, and the records behind each of its parts."""

    _inherit = "credit.profile"

    exposure_picture = fields.Json(compute="_compute_exposure_picture")

    @api.depends("exposure", "effective_limit", "is_limited", "currency_id")
    def _compute_exposure_picture(self):
        labels = self._component_labels()
        names = self.env["res.company"]._get_component_names()
        for profile in self:
            # a parameter of the policy
            components = profile.company_id.sudo()._credit_components()
            profile.exposure_picture = {
                "parts": [
                    {
                        "name": name,
                        "label": labels[name],
                        "amount": profile[f"{name}_amount"],
                    }
                    for name in names
                    if name in components
                ],
                "exposure": profile.exposure,
                "limit": profile.effective_limit if profile.is_limited else None,
                "currency_id": profile.currency_id.id,
            }

    @api.model
    def _component_labels(self):
        """Return ``{name: label}``; others are called as their figure is."""
        names = self.env["res.company"]._get_component_names()
        return {
            **{
                name: self._fields[f"{name}_amount"]._description_string(self.env)
                for name in names
            },
            "overdue": self.env._("Overdue"),
            "not_due": self.env._("Not due yet"),
            "unapplied": self.env._("Unapplied payments and credit notes"),
            "draft": self.env._("Draft invoices"),
            "delivered": self.env._("Delivered, not invoiced"),
            "order": self.env._("Orders to invoice"),
            "deposit": self.env._("Deposits"),
        }

    def web_read(self, specification):
        """Bring the figures up to date when somebody opens one profile."""
        if len(self) == 1 and "exposure" in specification:
            self.check_access("read")
            # figures are written for everybody; this user may read the profile
            self.sudo()._refresh_figures(self.company_id, self.partner_id.ids)
        return super().web_read(specification)

    # It writes: a read-only replica is no place for it.
    web_read._readonly = False

    # === DRILL-DOWN === #

    def _component_records(self, component):
        """Return the model and the domain of the records that add up to a component.

        Override to add the records of a component of another addon.
        """
        self.ensure_one()
        if component in ORDER_COLUMNS:
            orders_sudo = self.env["sale.order"].sudo()  # just ids and amounts
            orders = orders_sudo._credit_backlog(self.company_id, self.partner_id.ids)
            column = ORDER_COLUMNS[component]
            ids = [order_id for order_id, row in orders.items() if row[column]]
            return "sale.order", Domain("id", "in", ids)
        pot = self.company_id._credit_pot()
        items = self._items_domain()
        if component == "draft":
            return "account.move.line", items & DRAFT
        counted = OPEN & ITEM_DOMAINS[component](pot.today)
        if self.partner_id.id in pot.undone:
            counted |= self._undone_domain(component, pot)
        return "account.move.line", (
            items & Domain("parent_state", "=", "posted") & counted
        )

    def _undone_domain(self, component, pot):
        """Return the domain of items that count in a component by what is undone of
        them: Odoo says that less of them is open."""
        flush(self.env, READS)
        rows = self.env.execute_query(undone_items(self.partner_id.id))
        ids = [row[0] for row in rows]
        if component == "unapplied":
            # where drafts count, they do with what payments leave of them
            counts_drafts = "draft" in pot.components
            ids = [row[0] for row in rows if row[1] or not counts_drafts]
            return Domain("id", "in", ids) & Domain("balance", "<", 0)
        late = is_late(pot.today)
        return (
            Domain("id", "in", ids)
            & Domain("balance", ">", 0)
            & (late if component == "overdue" else ~late)
        )

    def action_open_component(self, component):
        """Open the records behind one component of the exposure."""
        self.ensure_one()
        if component not in self.env["res.company"]._get_component_names():
            raise UserError(self.env._("The exposure has no part “%s”.", component))
        model, domain = self._component_records(component)
        action = {
            "type": "ir.actions.act_window",
            "name": f"{self.partner_id.name}: {self._component_labels()[component]}",
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
        }
        if model in LISTS:
            list_view, search_view = map(self.env.ref, LISTS[model])
            action["views"][0] = (list_view.id, "list")
            action["search_view_id"] = [search_view.id]
        return action
