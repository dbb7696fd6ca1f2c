from odoo import models


class CreditProfile(models.Model):
    """What a run would do, without one."""

    _inherit = "credit.profile"

    def _simulate(self, date):
        """Return the values of the action of a run of that day, ``None`` without one.

        Nothing is written: neither a run, nor levels in a strategy that is new to the
        customer.
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: who may read the profile may know what is planned for it
        run = (
            self.env["collection.run"]
            .sudo()
            .new({"company_id": self.company_id.id, "date": date})
        )
        self.sudo()._flush_collection_fields()
        policies = run._get_policies()
        rows = run._plan_rows(
            policies, run._get_days(policies), self.ids, run._is_bank_current()
        )
        return rows.get(self.id)

    def action_simulate(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_simulate_action"
        )
        return {**action, "context": {"default_profile_id": self.id}}
