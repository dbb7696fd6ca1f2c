from odoo import api, models
from odoo.tools import SQL


class CreditProfile(models.Model):
    """What becomes of profiles when customers are merged."""

    _inherit = "credit.profile"

    @api.model
    def _merge(self, sources, target):
        """Make the profiles of ``sources`` those of ``target``, company by company.

        Where the target has a profile, its policy counts unless it is the default; what
        was decided for the others moves to it, and they are removed.
        """
        profiles = self.with_context(active_test=False).search(
            [("partner_id", "in", (sources + target).ids)]
        )
        for company_profiles in profiles.grouped("company_id").values():
            kept = company_profiles.filtered(lambda one: one.partner_id == target)
            kept = kept or company_profiles[0]
            (company_profiles - kept)._merge_into(kept)
            kept.partner_id = target
        self._forget_core_limit(sources)

    @api.model
    def _forget_core_limit(self, partners):
        """Core would write the limits of partners that go over the one that stays."""
        partners.flush_recordset(["credit_limit"])
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET credit_limit = NULL WHERE id IN %s",
                tuple(partners.ids),
            )
        )
        partners.invalidate_recordset(["credit_limit"])

    def _merge_into(self, kept):
        """Move what belongs to these profiles to ``kept`` and remove them."""
        limited = self.filtered(lambda one: one.limit_policy != "default")
        if kept.limit_policy == "default" and limited:
            kept.write(
                {
                    "limit_policy": limited[0].limit_policy,
                    "credit_limit": limited[0].credit_limit,
                }
            )
        on_hold = self.filtered(lambda one: one.credit_status != "none")
        if kept.credit_status == "none" and on_hold:
            kept.write(
                {
                    "credit_status": on_hold[0].credit_status,
                    "status_reason_id": on_hold[0].status_reason_id.id,
                    "status_review_date": on_hold[0].status_review_date,
                }
            )
        self.hold_ids.profile_id = kept
        self.dispute_ids.profile_id = kept
        self.case_ids.profile_id = kept
        self.risk_history_ids.profile_id = kept
        self._merge_group_and_collateral(kept)
        rules = self.env["credit.rule"].with_context(active_test=False)
        rules.search([("profile_id", "in", self.ids)]).profile_id = kept
        self._merge_contacts(kept)
        self.unlink()

    def _merge_group_and_collateral(self, kept):
        """What secures these customers secures the one that stays; so does a group,
        unless that is in one already."""
        group = self.group_id[:1]
        self.group_id = False
        if group and not kept.group_id:
            kept.group_id = group
        collaterals = self.env["credit.collateral"].with_context(active_test=False)
        collaterals.search([("profile_id", "in", self.ids)]).profile_id = kept

    def _merge_contacts(self, kept):
        """What was said to these customers, and what forbids to contact them."""
        together = self + kept
        dates = {
            name: max(filter(None, together.mapped(name)), default=None)
            for name in ("last_contact_date", "do_not_contact_until")
        }
        kept.write({**dates, "is_legal": any(together.mapped("is_legal"))})
        actions = self.env["collection.action"].search(
            [("profile_id", "in", together.ids)]
        )
        for model in ("collection.interaction", "collection.promise"):
            records = self.env[model].search([("profile_id", "in", self.ids)])
            records.profile_id = kept
        for of_run in actions.grouped("run_id").values():  # one contact per run
            first = of_run.filtered(lambda action: action.profile_id == kept)
            (first or of_run)[:1].profile_id = kept
