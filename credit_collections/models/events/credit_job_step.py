import logging
import time
from dataclasses import dataclass, replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import split_every

from ...tools.batches import BUSY, apart

_logger = logging.getLogger(__name__)

#: What a step is done for at a time: everything at once, a root company, customers of a
#: root company, batch by batch, or a root company in parts that the step makes itself.
EVERYTHING, COMPANY, CUSTOMERS, PARTS = "everything", "company", "customers", "parts"

#: Customers of one batch: a transaction of a second or two.
BATCH = 5000

#: Odoo asks jobs to end after ten seconds. A step in parts goes on for so many seconds,
#: as what it has read of everybody would be read again.
PATIENCE = 60

#: How often a batch or part is tried that somebody else was faster with.
TRIES = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job that nobody watches.

    :param name: what it is called in the log
    :param model, method: who does it; the method takes the root company, and is called
        on the customers of a batch where the step is done for customers. Where it is
        done in parts, the method takes the id after which to go on as well. After each
        part it yields, first, the id up to which all is done; that is committed then.
    :param unit: :data:`EVERYTHING`, :data:`COMPANY`, :data:`CUSTOMERS` or :data:`PARTS`
    :param why: why it stands where it stands
    :param alone: the method that does what the parts do, called on the customers of a
        batch: when a part fails, it finds the customers for whom it does
    :param apart: whether it waits for a call of the job in which nothing else is done.
        Odoo keeps a transaction open from before a call to its end, which looks at all
        that the call wrote as it was before
    """

    name: str
    model: str
    method: str
    unit: str = COMPANY
    why: str = ""
    alone: str = ""
    apart: bool = False

    def do(self, env, root=None, profiles=None, after=0):
        """Do the step for what its unit is; return the parts where it has any."""
        records = env[self.model].sudo()  # by night, for everybody
        if self.unit == EVERYTHING:
            return getattr(records, self.method)()
        if self.unit == CUSTOMERS:
            records = profiles.sudo()  # as above
        if self.unit == PARTS:
            return getattr(records, self.method)(root, after)
        return getattr(records, self.method)(root)

    def by_customers(self):
        """Return the step that does the same batch by batch."""
        return replace(self, method=self.alone, unit=CUSTOMERS)

    def do_at_once(self, env, root, profiles):
        """Do the step for all customers of a root company, in one transaction."""
        done = self.do(env, root, profiles)
        for _part in done if self.unit == PARTS else ():
            pass


class CreditJobStep(models.Model):
    """What is left of a job, and what failed: one record for each step and company.

    A step that was not done stays open, and the next call of the job goes on with it;
    several workers could share what is open. A failure is put on record, and stops
    neither the other companies nor the steps that follow.
    """

    _name = "credit.job.step"
    _description = "Step of a Scheduled Job"
    _order = "job, id"
    _rec_name = "title"

    job = fields.Char(required=True, readonly=True)
    name = fields.Char("Step", required=True, readonly=True)
    title = fields.Char("What Is Done", compute="_compute_title")
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    state = fields.Selection(
        [("open", "To do"), ("done", "Done"), ("failed", "Failed")],
        string="Status",
        required=True,
        readonly=True,
        default="open",
    )
    day = fields.Date(
        "Day of the Company", readonly=True, help="The day that it was begun for."
    )
    last_id = fields.Integer(
        "Done Up To", readonly=True, help="The last customer that was done."
    )
    done_date = fields.Datetime("Done On", readonly=True)
    error = fields.Text("What Failed", readonly=True)

    _job_idx = models.Index("(job, state)")

    @api.depends("name")
    def _compute_title(self):
        titles = self._get_titles()
        for step in self:
            step.title = titles.get(step.name, step.name)

    @api.model
    def _get_titles(self):
        """Return ``{name: title}`` of all steps; override to add those of others."""
        return {
            "cases": self.env._("Cases that are settled"),
            "collateral": self.env._("Deadlines of collateral"),
            "collectors": self.env._("Collectors of customers"),
            "compact": self.env._("Room that the installation took"),
            "contacts": self.env._("Days of the last contacts"),
            "core_limits": self.env._("Limits that customers had in Odoo"),
            "figures": self.env._("Figures of the exposure"),
            "groups": self.env._("Figures of credit groups"),
            "history": self.env._("Payment history"),
            "levels": self.env._("Collection levels of items"),
            "limits": self.env._("Proposals of limits"),
            "next_steps": self.env._("Next steps of customers"),
            "priorities": self.env._("Order of the work list"),
            "profiles": self.env._("Profiles of new customers"),
            "promises": self.env._("Promises and what came of them"),
            "reviews": self.env._("Tasks for reviews"),
            "scores": self.env._("Risk scores and classes"),
            "segments": self.env._("Segments of customers"),
        }

    @api.model
    def _run(self, job, steps, hours):
        """Do the steps of a job for all companies, in order; go on where it stopped.

        :param job: the name of the job
        :param steps: list of :class:`Step`
        :param hours: what is open for longer is not worth to go on with: all steps are
            done anew
        """
        log_sudo = self.sudo()  # while nobody watches, for everybody
        waiting_sudo = log_sudo._find_fresh(job, steps, hours)
        (waiting_sudo or log_sudo._begin(job, steps))._do(steps)

    @api.model
    def _run_daily(self, job, steps, hours):
        """Do the same once a day for each company, by its own day: called every hour,
        it does nothing for those whose day has not turned since.

        Who runs the job by hand means now, whatever was done today.
        """
        log_sudo = self.sudo()  # as above
        waiting_sudo = log_sudo._find_fresh(job, steps, hours)
        roots = self.env["res.company"]._credit_roots()
        if waiting_sudo or not self._is_asked_for():
            begun_sudo = log_sudo.search([("job", "=", job)]).grouped("company_id")
            roots = roots.filtered(
                lambda root: begun_sudo.get(root, log_sudo)._is_past(waiting_sudo)
            )
        if roots:
            waiting_sudo = waiting_sudo.filtered(
                lambda one: one.company_id and one.company_id not in roots
            )
            waiting_sudo += log_sudo._begin(job, steps, roots)
        waiting_sudo._do(steps)

    def _is_past(self, waiting):
        """Tell whether these steps of one company are to be done anew: never done, of a
        day that is over, or not worth to go on with."""
        given_up = self.filtered(lambda one: one.state == "open") - waiting
        today = self.company_id._credit_today()
        return not self or bool(given_up) or any(one.day != today for one in self)

    @api.model
    def _is_asked_for(self):
        """Tell whether the job runs before its time, as somebody wanted it to."""
        cron_id = self.env.context.get("cron_id")
        # anybody's job; to ask for one is up to administrators
        cron_sudo = self.env["ir.cron"].sudo().browse(cron_id).exists()
        return bool(cron_sudo) and cron_sudo.nextcall > fields.Datetime.now()

    @api.model
    def _find_fresh(self, job, steps, hours):
        """Return what is left of a job and worth to go on with."""
        last = fields.Datetime.now() - timedelta(hours=hours)
        return self._find_waiting(job, steps).filtered(
            lambda one: one.create_date > last
        )

    @api.model
    def _go_on(self, job, steps):
        """Do what is left of a job that is begun once, however long ago that was; what
        failed, once more each day.

        :return: whether anything was left
        """
        log_sudo = self.sudo()  # as above
        a_day_ago = fields.Datetime.now() - timedelta(days=1)
        log_sudo.search(
            [("job", "=", job), ("state", "=", "failed"), ("done_date", "<", a_day_ago)]
        ).write({"state": "open", "last_id": 0, "error": False})
        waiting_sudo = log_sudo._find_waiting(job, steps)
        together = [step for step in steps if not step.apart]
        now_sudo = log_sudo._find_waiting(job, together) or waiting_sudo
        now_sudo._do(steps)
        return bool(waiting_sudo)

    @api.model
    def _find_waiting(self, job, steps):
        """Return what is left of a job."""
        is_open = Domain("job", "=", job) & Domain("state", "=", "open")
        return self.search(is_open & Domain("name", "in", [one.name for one in steps]))

    def _do(self, steps):
        """Do these, each as the step of its name says, as long as the job may run."""
        if not self:
            return
        steps = {step.name: step for step in steps}
        cron = self.env["ir.cron"]
        remaining = len(self)
        cron._commit_progress(remaining=remaining)
        for one in self:
            step = steps[one.name]
            patient_until = None
            for is_over in one._advance(step):
                # from the first part on: reading may take longer than patience lasts
                patient_until = patient_until or (
                    time.monotonic() + PATIENCE * (step.unit == PARTS)
                )
                remaining -= bool(is_over)
                # a job that processes nothing is taken for one that is stuck
                left = cron._commit_progress(
                    int(is_over is not None), remaining=remaining
                )
                is_patient = not is_over and time.monotonic() < patient_until
                if not (left or is_patient):
                    return

    @api.model
    def _begin(self, job, steps, roots=None):
        """Write down what is to be done; what became of it the last time is over.

        :param roots: root companies, default all
        """
        is_over = Domain("job", "=", job)
        if roots is None:
            roots = self.env["res.company"]._credit_roots()
        else:
            is_over &= Domain("company_id", "in", [*roots.ids, False])
        self.search(is_over).unlink()
        alone = [step for step in steps if step.unit == EVERYTHING]
        by_company = [step for step in steps if step.unit != EVERYTHING]
        wanted = [(root.id, step) for root in roots for step in by_company]
        wanted += [(False, step) for step in alone]
        days = {root.id: root._credit_today() for root in roots}
        return self.create(
            [
                {
                    "job": job,
                    "name": step.name,
                    "company_id": company_id,
                    "day": days.get(company_id),
                }
                for company_id, step in wanted
            ]
        )

    def _advance(self, step):
        """Do one step, a batch or part at a time: yield after each whether the step is
        over, ``None`` where somebody else was faster and it waits.

        What was done is to be committed then.
        """
        if step.unit == CUSTOMERS:
            yield from self._advance_by_customers(step)
        elif step.unit == PARTS:
            yield from self._advance_by_parts(step)
        else:
            errors = self._attempt(step)
            if errors is not None:
                self._set_over(errors)
            yield True if errors is not None else None

    def _advance_by_customers(self, step):
        for ids in split_every(BATCH, self._get_left().ids):
            errors = self._attempt(step, ids)
            if errors is None:
                yield None
                return
            self.write(
                {"last_id": ids[-1], "error": "\n".join([self.error or "", *errors])}
            )
            yield False
        self._set_over([self.error.strip()] if self.error else [])
        yield True

    def _advance_by_parts(self, step):
        parts = None
        tries = TRIES
        while tries:
            try:
                with self.env.cr.savepoint():
                    parts = parts or step.do(
                        self.env, self.company_id, after=self.last_id
                    )
                    part = next(parts, None)
            except BUSY:
                self._give_way(step)
                parts = None  # it goes on with what is there now
                tries -= 1
            except Exception as error:  # of any kind: it is not to stop the others
                _logger.exception("%s: %s failed", self._get_whom(), step.name)
                if step.alone:
                    yield from self._advance_by_customers(step.by_customers())
                else:
                    self._set_over([str(error)])
                    yield True
                return
            else:
                if part is None:
                    self._set_over([])
                    yield True
                    return
                last_id, *_rest = part
                if last_id > self.last_id:  # more than what is read once more
                    self.last_id, tries = last_id, TRIES
                yield False
        yield None

    def _get_left(self):
        """Return the customers that a step was not done for yet, archived ones too:
        what they promised, for instance, comes due all the same."""
        customers = self.env["credit.profile"].sudo()  # by night, for everybody
        customers = customers.with_context(active_test=False)
        whose = Domain("company_id", "=", self.company_id.id)
        return customers.search(whose & Domain("id", ">", self.last_id), order="id")

    def _attempt(self, step, ids=()):
        """Return what went wrong, ``None`` where somebody else was faster each time: it
        waits for the next call.

        A batch that fails is done again customer by customer, so that only those are
        left out that it fails for.
        """
        for _try in range(TRIES):
            # some may have been merged with others since the batches were made
            profiles = self.env["credit.profile"].browse(ids).exists()
            if ids and not profiles:
                return []
            try:
                errors = apart(
                    profiles or self,
                    lambda some: step.do(
                        self.env, self.company_id, some if ids else None
                    ),
                    f"{self._get_whom()}: {step.name}",
                )
            except BUSY:
                self._give_way(step)
            else:
                return [
                    f"{failed.display_name}: {error}" if ids else str(error)
                    for failed, error in errors.items()
                ]
        return None

    def _give_way(self, step):
        """Take back what was not committed; what others did is seen after that."""
        self.env.cr.rollback()
        _logger.info("%s is busy: %s comes again", self._get_whom(), step.name)

    def _set_over(self, errors):
        self.write(
            {
                "state": "failed" if errors else "done",
                "done_date": fields.Datetime.now(),
                "error": "\n".join(errors),
            }
        )

    def _get_whom(self):
        return self.company_id.name or "all companies"
