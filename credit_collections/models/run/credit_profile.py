from odoo import api, fields, models
from odoo.tools import SQL

from ...sql.hub import registered
from ...sql.run.collection_plan import READS
from ...tools import access
from ...tools.statements import flush
from .collection_action import DONE


class CreditProfile(models.Model):
    """What a run would do, without one, and what was paid and is not booked."""

    _inherit = "credit.profile"

    registered_amount = fields.Monetary(
        "Registered, Not Booked",
        compute="_compute_registered_amount",
        compute_sudo=True,
        groups=access.OFFICE,
        help="Payments that are registered in Odoo and in no journal entry, for what "
        "is open in the books. The exposure follows the books; reminders and promises "
        "take them for paid where the company says so.",
    )

    @api.depends("exposure")
    def _compute_registered_amount(self):
        found = {}
        if self.env["account.payment"]._credit_is_used():
            flush(self.env, registered.READS)
            for company, profiles in self.grouped("company_id").items():
                found.update(profiles._origin._read_registered(company))
        for profile in self:
            profile.registered_amount = found.get(profile._origin.id, 0.0)

    def _read_registered(self, company):
        """Return ``{profile_id: amount}`` of customers of one company."""
        chosen = SQL(
            "SELECT id AS profile_id, partner_id FROM credit_profile"
            " WHERE id = ANY(%s)",
            self.ids,
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT profile_id, SUM(amount) FROM (%s) paid GROUP BY profile_id",
                registered.registered(company._credit_pot(), chosen),
            )
        )
        return {profile_id: float(amount) for profile_id, amount in rows}

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
