from odoo import api, models

from .credit_job_step import CUSTOMERS, EVERYTHING, PARTS, Step
from .credit_profile_install import INSTALL

#: What the night does, in this order.
NIGHT = (
    Step(
        "history",
        "credit.profile",
        "_write_history_in_parts",
        PARTS,
        alone="_write_history_of",
        why="scores look at what customers paid, and how late",
    ),
    Step(
        "scores",
        "credit.profile",
        "_write_scores_in_parts",
        PARTS,
        alone="_write_scores_of",
        why="segments may be about the risk class",
    ),
    Step(
        "segments",
        "credit.profile",
        "_assign_segments",
        CUSTOMERS,
        why="the strategy of a customer is that of its segment",
    ),
    Step(
        "collectors",
        "collection.assignment.rule",
        "_assign_in_parts",
        PARTS,
        why="rules may be about the segment",
    ),
    Step(
        "levels",
        "credit.profile",
        "_align_levels",
        CUSTOMERS,
        why="levels count in the strategy that a customer has now",
    ),
    Step(
        "next_steps",
        "credit.profile",
        "_write_next_steps_of",
        CUSTOMERS,
        why="what comes next follows from strategy and level",
    ),
    Step(
        "priorities",
        "credit.profile",
        "_write_priorities_in_parts",
        PARTS,
        why="the work list of the morning looks at all of these",
    ),
    Step(
        "reviews",
        "credit.profile",
        "_tell_of_reviews",
        why="classes that the night changed may ask for a review",
    ),
)

#: What happens every hour, in this order.
HOUR = (
    Step(
        "profiles",
        "credit.profile",
        "_create_missing_in_parts",
        PARTS,
        why="figures are those of profiles",
    ),
    Step(
        "figures",
        "credit.profile",
        "_refresh_figures_of",
        CUSTOMERS,
        why="everything else looks at what is owed now",
    ),
    Step(
        "contacts",
        "credit.profile",
        "_refresh_last_contacts_of",
        CUSTOMERS,
        why="mail queues leave this where somebody else writes the customer",
    ),
    Step(
        "priorities",
        "credit.profile",
        "_write_priorities_in_parts",
        PARTS,
        why="who owes more comes first",
    ),
    Step(
        "collectors",
        "collection.assignment.rule",
        "_assign_in_parts",
        PARTS,
        why="whoever is newly overdue has a collector within the hour",
    ),
    Step(
        "groups",
        "credit.profile",
        "_refresh_groups",
        EVERYTHING,
        why="groups add up members of all companies",
    ),
)


class CreditProfile(models.Model):
    """What is done about all customers when nobody watches."""

    _inherit = "credit.profile"

    @api.model
    def _get_night_steps(self):
        """Return what the night does, a list of :class:`~.credit_job_step.Step` in
        order.

        Override to add one, at the place where it belongs.
        """
        return list(NIGHT)

    @api.model
    def _get_hourly_steps(self):
        """Return what is done every hour; override as :meth:`_get_night_steps`."""
        return list(HOUR)

    @api.model
    def _cron_assign_segments(self):
        """Put every customer in its segment, see that somebody collects from it, and
        show what comes next for it: of each company once, when its day has turned."""
        if not self.is_being_filled():  # all of this is among what is left then
            steps = self._get_night_steps()
            self.env["credit.job.step"]._run_daily("night", steps, 12)

    @api.model
    def _cron_refresh(self):
        """Add profiles of new customers and bring all stored figures up to date."""
        jobs = self.env["credit.job.step"]
        steps = self._get_install_steps()
        if not jobs._go_on(INSTALL, steps):
            jobs._run("hour", self._get_hourly_steps(), 6)
        elif jobs.sudo()._find_waiting(INSTALL, steps):  # no user's to read
            self.env.ref("credit_collections.ir_cron_refresh")._trigger()

    @api.model
    def _refresh_soon(self):
        """See that all figures are brought up to date soon, from the first one on."""
        log_sudo = self.env["credit.job.step"].sudo()  # nobody's to write
        log_sudo.search([("job", "=", "hour")]).unlink()
        # who deleted the job brings figures up to date in another way
        cron = self.env.ref("credit_collections.ir_cron_refresh", False)
        if cron:
            cron._trigger()

    @api.model
    def _prepare_collection(self, root):
        """Do at once what the night does, for all customers of a root company."""
        # everybody's
        profiles = self.sudo().search([("company_id", "=", root.id)], order="id")
        for step in self._get_night_steps():
            step.do_at_once(self.env, root, profiles)
