from odoo import models

from ...sql.run.collection_plan import READS
from ...tools.statements import flush
from .collection_action import DONE


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
        # who may read the profile may know what is planned for it
        runs_sudo = self.env["collection.run"].sudo()
        run_sudo = runs_sudo.new({"company_id": self.company_id.id, "date": date})
        flush(run_sudo.env, READS)
        policies = run_sudo._get_policies()
        rows = run_sudo._plan_rows(
            policies,
            run_sudo._get_days(policies),
            self.ids,
            run_sudo._is_bank_current(),
        )
        return rows.get(self.id)

    def action_simulate(self):
        self.ensure_one()
        self.env["collection.simulate"].check_access("create")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.collection_simulate_action"
        )
        return {**action, "context": {"default_profile_id": self.id}}

    # === MERGED CUSTOMERS === #

    def _merge_into(self, kept):
        """What runs did; a customer is in a run once."""
        super()._merge_into(kept)
        actions = self.env["collection.action"].search(
            [("profile_id", "in", (self + kept).ids)]
        )
        for of_run in actions.grouped("run_id").values():
            # the one that was done; of several, that of the customer who stays
            one = of_run.sorted(
                lambda action: (action.state not in DONE, action.profile_id != kept)
            )[0]
            one._merge_with(of_run - one)
            one.profile_id = kept
