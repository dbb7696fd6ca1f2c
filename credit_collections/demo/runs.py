"""Collection runs: letters of last week, letters that wait for the printer, and the
plan of today, that somebody has to look at and start."""

from datetime import timedelta

from odoo.tools import SQL

#: How many customers got a letter last week, and how many letters wait.
SENT, WAITING = 4, 3
DAYS_AGO = 8


def contact(stage):
    sent = _write_letters(stage, SENT)
    sent.action_ids.filtered(lambda action: action.state == "queued")._succeed()
    _set_back(stage, sent)
    waiting = _write_letters(stage, WAITING)
    planned = _plan(stage)
    stage.remember({"run_sent": sent, "run_waiting": waiting, "run_planned": planned})


def _plan(stage):
    runs = stage.env["collection.run"]
    run = runs.create({"company_id": stage.company.id, "date": stage.today})
    run.action_plan()
    return run


def _write_letters(stage, number):
    """Return a run of letters to those who owe most and would have got an e-mail."""
    run = _plan(stage)
    planned = run.action_ids.filtered(
        lambda action: (
            action.state == "planned"
            and action.channel == "email"
            and action.partner_id.street
        )
    ).sorted("amount", reverse=True)
    letters = planned[:number]
    letters._edit(channel="letter")
    (run.action_ids - letters).unlink()
    run.action_start()
    return run


def _set_back(stage, run):
    """Let what the run did be as old as the letters of last week."""
    day = stage.date(-DAYS_AGO)
    moved = {"days": timedelta(days=DAYS_AGO), "run": run.id}
    stage.env.flush_all()
    for statement in (
        """UPDATE collection_action SET done_date = done_date - %(days)s
            WHERE run_id = %(run)s""",
        """UPDATE collection_interaction said SET date = said.date - %(days)s,
                  day = (said.date - %(days)s)::date
             FROM collection_action action
            WHERE action.id = said.action_id AND action.run_id = %(run)s""",
        """UPDATE account_move_line item
              SET collection_step_date = item.collection_step_date - %(days)s
             FROM collection_action_line line
             JOIN collection_action action ON action.id = line.action_id
            WHERE line.move_line_id = item.id AND action.run_id = %(run)s""",
        """UPDATE credit_profile profile
              SET last_contact_date = profile.last_contact_date - %(days)s
             FROM collection_action action
            WHERE action.profile_id = profile.id AND action.run_id = %(run)s""",
    ):
        stage.env.cr.execute(SQL(statement, **moved))
    stage.env.invalidate_all()
    run.date = day
    run.action_ids.profile_id._write_next_steps(stage.company)
