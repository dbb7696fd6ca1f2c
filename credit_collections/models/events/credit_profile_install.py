from psycopg2.errors import LockNotAvailable

from odoo import api, models
from odoo.tools import SQL

from .credit_job_step import EVERYTHING, PARTS, TRIES, Step

#: The job that fills what the installation leaves empty.
INSTALL = "install"

CORE_LIMITS = Step(
    "core_limits",
    "credit.profile",
    "_create_limited_in_parts",
    PARTS,
    why="customers with a limit are shown though they owe nothing",
)

COMPACT = Step(
    "compact",
    "credit.profile",
    "_compact",
    EVERYTHING,
    why="each step before has left an old version of every profile behind",
    apart=True,
)


class CreditProfile(models.Model):
    """What is done once, after the installation, in a database with years of data.

    Odoo keeps core's tables locked until an installation is over: it only writes down
    what is to be done.
    """

    _inherit = "credit.profile"

    @api.model
    def _begin_install(self):
        """Write down what is to be done, and see that it is done soon."""
        self.env["credit.job.step"]._begin(INSTALL, self._get_install_steps())
        self.env.ref("credit_collections.ir_cron_refresh")._trigger()

    @api.model
    def _get_install_steps(self):
        """Return what hour and night do, each step once, and what that needs."""
        night = self._get_night_steps()
        by_night = {step.name for step in night}
        hour = [step for step in self._get_hourly_steps() if step.name not in by_night]
        return [CORE_LIMITS, *hour, *night, COMPACT]

    @api.model
    def _fill_at_once(self):
        """Do in this transaction what is left to do: small databases of one's own."""
        steps = {step.name: step for step in self._get_install_steps()}
        log_sudo = self.env["credit.job.step"].sudo()  # as the job, for everybody
        for one_sudo in log_sudo._find_waiting(INSTALL, steps.values()):
            whose = one_sudo.company_id, one_sudo._get_left()
            steps[one_sudo.name].do_at_once(self.env, *whose)
            one_sudo._set_over([])

    @api.model
    def is_being_filled(self):
        """Tell whether any figure is left to work out since the installation."""
        # whoever looks at the figures of customers may know
        steps_sudo = self.env["credit.job.step"].sudo()
        figures = [step for step in self._get_install_steps() if not step.apart]
        return bool(steps_sudo._find_waiting(INSTALL, figures))

    def _on_missing_created(self, root):
        """Until all customers with a limit in core have a profile, it counts for those
        whose profile is made: their orders are decided meanwhile."""
        res = super()._on_missing_created(root)
        # a job's, not the user's
        waiting = (
            self.env["credit.job.step"]
            .sudo()
            .search_count(
                [
                    ("job", "=", INSTALL),
                    ("name", "=", CORE_LIMITS.name),
                    ("company_id", "=", root.id),
                    ("state", "!=", "done"),
                ],
                limit=1,
            )
        )
        if self and waiting:
            self._take_over_core_limits(root)
        return res

    @api.model
    def _compact(self):
        """Take the room of old versions of rows back from a table that was written
        several times over: it stays as big otherwise, and is read as a whole at times.

        Decisions wait for it, some seconds with 100,000 customers. It does not wait
        long for others, who would have to wait behind it, and gives up after some
        tries: a backup reads for hours, and figures are not to wait that long. Versions
        that a transaction from before the job may still look at stay, as ever.
        """
        for left in reversed(range(TRIES)):
            try:
                with self.env.cr.savepoint():
                    self._cluster()
                return
            except LockNotAvailable as error:
                if not left:
                    # no error of those with which a step comes again
                    raise TimeoutError(str(error)) from error

    @api.model
    def _cluster(self):
        self.env.cr.execute("SET LOCAL lock_timeout = '2s'")
        self.env.cr.execute(SQL("CLUSTER credit_profile USING credit_profile_pkey"))
        # nothing that is to be done again by others, once is enough
        self.env.cr.execute(SQL("ALTER TABLE credit_profile SET WITHOUT CLUSTER"))
        self.env.cr.execute("SET LOCAL lock_timeout TO DEFAULT")
