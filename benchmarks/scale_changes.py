"""Big documents: a limit change and a collection run for nearly all customers.

What is left to a job is waited for: the time is from the click to the end.
"""

from collections import Counter

import collecting
import jobs as scheduled
import session
from measure import Case, interleaved, weigh

LINES = 50_000  # of a limit change
BATCH = 200  # e-mails of one transaction, as a run has it

CHANGE = f"limit change, {LINES:,} lines at most"
PLAN = "plan a run for everybody who is overdue"
MAIL = f"a batch of {BATCH} e-mails"


def jobs(database):
    """Yield ``job, {what: figures}``; the change and the run stay."""
    change = _new(database, "credit.limit.change", {"kind": "permanent"})
    yield (
        CHANGE,
        {
            "make the lines": weigh(lambda: _generate(database, change)),
            "submit and post": weigh(lambda: _post(database, change)),
        },
    )
    run = _new(database, "collection.run", {})
    yield PLAN, {"plan": weigh(lambda: _plan(database, run))}
    yield MAIL, _samples(_batches(database, run))


def _samples(cases):
    return {side: one.as_dict() for side, one in interleaved(cases, 5).items()}


def _new(database, model, values):
    with session.transaction(database, session.MANAGER, commit=True) as env:
        if model == "collection.run":
            return collecting.new_run(env).id
        return env[model].create(values).id


# === LIMIT CHANGE === #


def _generate(database, change_id):
    with session.transaction(database, session.MANAGER, commit=True) as env:
        mine = [("company_id", "=", env.company.id)]
        profiles = env["credit.profile"].search(mine, limit=LINES, order="id")
        last_id = profiles.ids[-1]
        env.invalidate_all()
        wizard = env["credit.limit.generate"].create(
            {
                "change_id": change_id,
                "domain": f"[('id', '<=', {last_id})]",
                "method": "set",
                "amount": 5000.0,
            }
        )
        wizard.action_generate()
    scheduled.work_off_asked(database)
    with session.transaction(database) as env:
        return env["credit.limit.change"].browse(change_id).line_count


def _post(database, change_id):
    with session.transaction(database, session.MANAGER, commit=True) as env:
        env["credit.limit.change"].browse(change_id).action_submit()
    scheduled.work_off_asked(database)
    with session.transaction(database) as env:
        change = env["credit.limit.change"].browse(change_id)
        if change.state != "posted":
            raise AssertionError("the change should have been posted")
        return change.line_count


# === COLLECTION RUN === #


def _plan(database, run_id):
    with session.transaction(database, session.MANAGER, commit=True) as env:
        env["collection.run"].browse(run_id).action_plan()
    scheduled.work_off_asked(database)
    with session.transaction(database) as env:
        run = env["collection.run"].browse(run_id)
        if run.state != "planned":
            raise AssertionError("the run should have been planned")
        return dict(Counter(run.action_ids.mapped("state")))


def _batches(database, run_id):
    def run_of(env):
        run = env["collection.run"].browse(run_id).sudo()
        run.state = "running"
        return run

    def queue(_env, run):
        return run._do_batch(BATCH)

    def customers(env):
        run = run_of(env)
        ours = [("run_id", "=", run.id), ("state", "=", "planned")]
        actions = env["collection.action"].search(ours, limit=BATCH)
        return run.company_id, actions.profile_id

    def align(_env, subject):
        company, profiles = subject
        profiles._align_levels(company)
        return len(profiles)

    return [
        Case("all of it", database, queue, run_of),
        Case("its levels", database, align, customers),
    ]
