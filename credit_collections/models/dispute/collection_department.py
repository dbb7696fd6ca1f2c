from odoo import api, fields, models

GROUP_MEMBER = "credit_collections.group_dispute_member"


class CollectionDepartment(models.Model):
    """A team of the company that answers disputes: who, and within how many days."""

    _name = "collection.department"
    _description = "Department for Disputes"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: the department answers for all companies."
    )
    lead_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        help="Owns new disputes, and is told when one is late.",
    )
    member_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain="[('share', '=', False)]",
        help="See and work on the disputes of the department. No other right is "
        "needed.",
    )
    days_to_answer = fields.Integer(
        required=True,
        default=5,
        help="Working days, Monday to Friday, until a dispute is to be answered.",
    )
    days_to_manager = fields.Integer(
        required=True,
        default=2,
        help="When a dispute is late by so many working days, the credit manager is "
        "told too.",
    )
    open_count = fields.Integer("Open Disputes", compute="_compute_open_count")

    _check_days = models.Constraint(
        "CHECK (days_to_answer >= 0 AND days_to_manager >= 0)",
        "The days of a department can't be negative.",
    )

    def _compute_open_count(self):
        counts = dict(
            self.env["collection.dispute"]._read_group(
                [("department_id", "in", self.ids), ("is_open", "=", True)],
                ["department_id"],
                ["__count"],
            )
        )
        for department in self:
            department.open_count = counts.get(department, 0)

    def _get_lead(self):
        """Return who owns new disputes: the lead, or who decides on credit where the
        lead has left."""
        company = self.company_id or self.env.company
        return self.lead_id._get_workers(company).get(self.lead_id, self.lead_id)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        departments._show_menu_to_members()
        return departments

    def write(self, vals):
        res = super().write(vals)
        if {"lead_id", "member_ids"}.intersection(vals):
            self._show_menu_to_members()
        return res

    def _show_menu_to_members(self):
        """Let members find their disputes.

        The group gives the menu and nothing else, so that whoever sets up a department
        may give it; what can be seen there is decided by the rules on disputes.
        """
        group_sudo = self.env.ref(GROUP_MEMBER).sudo()  # gives a menu only, see above
        # groups and members are no data of whoever sets departments up
        group_sudo.user_ids |= self.sudo().member_ids + self.sudo().lead_id

    # === ACTIONS === #

    def action_open_disputes(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_dispute_action"
        )
        return {
            **action,
            "domain": [("department_id", "=", self.id)],
            "context": {"search_default_open": 1},
        }
