"""Everything that is done for many records at once, and what one of them may stop.

Read from the code alone. A new job, button of a list, entry of a menu of actions,
dialog for several records, or hook of a transaction has to have a line here that says
how one record is kept from stopping the others.
"""

import ast
import re
from pathlib import Path

from lxml import etree

TOP = Path(__file__).resolve().parent.parent

#: How one record is kept from stopping the others.
APART = "taken apart until those are found that it fails for, which are marked or named"
ALONE = "each by itself, in a savepoint of its own"
MECHANISM = "each step, batch and part by itself, see the steps of the night"
ASKS = "only opens the dialog, which has its own line"
WHOLE = "one decision: checked first, and refused as a whole in words"
ONE = "about one record or one customer"
READS = "only shows or prints on the screen of who asks"
FORGETS = "forgets what is kept in memory, of no record"

#: Scheduled jobs by XML id.
JOBS = {
    "ir_cron_approval_remind": APART,
    "ir_cron_automatic_limit": MECHANISM,
    "ir_cron_case_close": MECHANISM,
    "ir_cron_collateral": MECHANISM,
    "ir_cron_collection_assign": MECHANISM,
    "ir_cron_collection_attach": APART,
    "ir_cron_collection_promise": MECHANISM,
    "ir_cron_collection_run": APART,
    "ir_cron_collection_send": APART,
    "ir_cron_dispute_escalate": APART,
    "ir_cron_evaluate": APART,
    "ir_cron_limit_change": ALONE,
    "ir_cron_refresh": MECHANISM,
}

#: Buttons above lists: ``(model, method)``.
BUTTONS = {
    ("account.move.line", "action_dispute"): ASKS,
    ("account.move.line", "action_exclude_from_collections"): ASKS,
    ("account.move.line", "action_include_in_collections"): WHOLE,
    ("account.move.line", "action_open_case"): ASKS,
    ("account.move.line", "action_promise"): ASKS,
    ("collection.action", "action_arrived"): WHOLE,
    ("collection.action", "action_drop"): WHOLE,
    ("collection.action", "action_edit"): ASKS,
    ("collection.action", "action_print_letters"): APART,
    ("collection.action", "action_send_again"): WHOLE,
    ("collection.action", "action_take_back"): WHOLE,
    ("collection.case", "action_take_back"): WHOLE,
    ("collection.dispute", "action_reject"): ASKS,
    ("collection.dispute", "action_review"): WHOLE,
    ("collection.promise", "action_cancel"): ASKS,
    ("collection.promise", "action_keep"): WHOLE,
    ("credit.approval", "action_approve"): ASKS,
    ("credit.approval", "action_refuse"): ASKS,
    ("credit.automatic.limit", "%(credit_automatic_limit_propose_action)d"): ASKS,
    ("credit.collateral", "action_validate"): WHOLE,
    ("credit.hold", "action_evaluate"): APART,
    ("credit.hold", "action_evaluate_all"): APART,  # by the job
    ("credit.hold", "action_reject"): ASKS,
    ("credit.hold", "action_release"): ASKS,
    ("credit.limit.change", "action_post"): ALONE,
    ("credit.limit.change", "action_submit"): ALONE,
    ("credit.profile", "action_pause"): ASKS,
    ("credit.profile", "action_print_statement"): READS,
    ("credit.profile", "action_refresh"): WHOLE,
    ("credit.profile", "action_snooze"): ASKS,
    ("credit.profile", "action_wake"): WHOLE,
    ("credit.review.due", "action_review_done"): WHOLE,
}

#: Entries of the menus of actions and prints, by XML id.
MENUS = {
    "action_report_open_items": READS,
    "collection_case_action_report": READS,
    "sale_order_action_confirm": APART,
    "sale_order_action_force": ASKS,
}

#: Buttons of dialogs that hold several records: ``(file, method)``.
DIALOGS = {
    ("collection_action_edit", "action_apply"): WHOLE,
    ("collection_case_open", "action_open"): WHOLE,
    ("collection_dispute_accept", "action_accept"): ONE,
    ("collection_dispute_open", "action_open"): ONE,
    ("collection_dispute_reject", "action_reject"): WHOLE,
    ("collection_escalate", "action_escalate"): WHOLE,
    ("collection_exclude", "action_exclude"): WHOLE,
    ("collection_pause", "action_confirm"): WHOLE,
    ("collection_pause", "action_tomorrow"): WHOLE,
    ("collection_pause", "action_week"): WHOLE,
    ("collection_promise_cancel", "action_cancel"): WHOLE,
    ("collection_promise_make", "action_make"): ONE,
    ("collection_reassign", "action_apply"): WHOLE,
    ("collection_reassign", "action_back"): READS,
    ("collection_reassign", "action_preview"): READS,
    ("collection_segment_propose", "action_back"): READS,
    ("collection_segment_propose", "action_create_segments"): WHOLE,
    ("collection_segment_propose", "action_propose"): READS,
    ("credit_approval_decide", "action_decide"): ALONE,
    ("credit_automatic_limit_propose", "action_propose"): WHOLE,
    ("credit_hold_force", "action_force"): WHOLE,
    ("credit_hold_reject", "action_reject"): WHOLE,
    ("credit_hold_release", "action_release"): ALONE,
    ("credit_hold_split", "action_release"): ONE,
    ("credit_limit_reject", "action_reject"): WHOLE,
    ("credit_risk_override", "action_confirm"): WHOLE,
}

#: What is done before or after a transaction is committed: ``(file, when)``.
HOOKS = {
    ("credit_cached_mixin.py", "postcommit"): FORGETS,
    # an import, which is one transaction
    ("credit_profile.py", "precommit"): WHOLE,
    ("mail_mail_sending.py", "postcommit"): ALONE,
    ("versioned.py", "postcommit"): FORGETS,
}


def _records():
    for path in sorted(TOP.glob("credit_collections*/**/*.xml")):
        if "tests" not in path.parts:
            yield from etree.parse(str(path)).iter("record")


def _compare(found, listed):
    assert found
    assert sorted(found - listed.keys()) == [], "no line yet"
    assert sorted(listed.keys() - found) == [], "not there any more"


def test_jobs():
    found = {one.get("id") for one in _records() if one.get("model") == "ir.cron"}
    _compare(found, JOBS)


def test_buttons_of_lists():
    found = {
        (one.findtext("field[@name='model']"), button.get("name"))
        for one in _records()
        for button in one.findall(".//list/header/button")
    }
    _compare(found, BUTTONS)


def test_menus_of_actions():
    found = {
        one.get("id")
        for one in _records()
        if one.find("field[@name='binding_model_id']") is not None
    }
    _compare(found, MENUS)


def test_dialogs_for_several_records():
    found = set()
    for path in TOP.glob("credit_collections*/wizard/**/*.py"):
        for model in ast.walk(ast.parse(path.read_text())):
            if isinstance(model, ast.ClassDef) and _holds_many(model):
                found |= {
                    (path.stem, statement.name)
                    for statement in model.body
                    if isinstance(statement, ast.FunctionDef)
                    and statement.name.startswith("action_")
                }
    _compare(found, DIALOGS)


def _holds_many(model):
    return any(
        isinstance(one, ast.Assign)
        and re.match(r"fields\.(Many2many|One2many)\(", ast.unparse(one.value))
        for one in model.body
    )


def test_hooks_of_transactions():
    found = set()
    for path in TOP.glob("credit_collections*/**/*.py"):
        if not {"tests", "demo"} & set(path.parts):
            # a name for it, or a call; ``data`` is but a place to keep something
            for kind in re.findall(
                r"cr\.(precommit|postcommit|prerollback|postrollback)(?!\.data)\b",
                path.read_text(),
            ):
                found.add((path.name, kind))
    _compare(found, HOOKS)
