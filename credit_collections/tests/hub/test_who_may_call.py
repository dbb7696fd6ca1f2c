import inspect

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .scene import ROLES, SceneCommon

#: Who may: the roles of the scene. Roles that imply others are named as well.
COLLECT = {"collector", "controller", "manager"}
DECIDE = {"controller", "manager"}
MANAGE = {"manager"}
BOOK = {"invoicing", "accountant"}
OFFICE = {*BOOK, *COLLECT, "auditor"}
SELL = {"salesperson", "sales manager"}
CASES = {*BOOK, *COLLECT}
INSIDE = ROLES.keys() - {"portal"}
READ = None  # whoever reads the record: it opens or works out what its reader may see

#: Who may call what. What is not named here may be called by nobody.
WHO = {
    "account.move": {
        "action_dispute": {*COLLECT, "sales manager"},
        "action_open_disputes": READ,
    },
    "account.move.line": {
        "action_dispute": {*COLLECT, "sales manager"},
        "action_exclude_from_collections": COLLECT,
        "action_include_in_collections": COLLECT,
        "action_open_case": CASES,
        "action_promise": COLLECT,
    },
    "collection.action": {
        "action_arrived": COLLECT,
        "action_send_again": COLLECT,
        "action_drop": MANAGE,
        "action_edit": MANAGE,
        "action_log_contact": COLLECT,
        "action_print_letters": COLLECT,
        "action_take_back": MANAGE,
    },
    "collection.assignment.rule": {"action_open_profiles": READ},
    "collection.board": {
        "action_open_customers": READ,
        "action_open_not_contacted": READ,
    },
    "collection.case": {
        "action_cancel": CASES,
        "action_demand": CASES,
        "action_dispute": COLLECT,
        "action_hand_over": DECIDE,
        "action_log_contact": COLLECT,
        "action_open_profile": READ,
        "action_promise": COLLECT,
        "action_register_payment": BOOK,
        "action_take_back": DECIDE,
    },
    "collection.department": {"action_open_disputes": READ},
    "collection.dispute": {
        "action_accept": COLLECT,
        "action_approve": DECIDE,
        "action_decide_approval": DECIDE,
        "action_open_approvals": READ,
        "action_open_credit_notes": READ,
        "action_open_profile": READ,
        "action_post_credit_notes": {*BOOK, *MANAGE},
        "action_refuse": DECIDE,
        "action_refuse_with_words": DECIDE,
        "action_reject": COLLECT,
        "action_reopen": COLLECT,
        "action_review": COLLECT,
        "action_withdraw": COLLECT,
    },
    "collection.interaction": {"action_log": READ, "action_promise": COLLECT},
    "collection.promise": {
        "action_cancel": COLLECT,
        "action_keep": COLLECT,
        "action_open_plan": READ,
        "action_open_profile": READ,
        "action_reopen": COLLECT,
    },
    "collection.run": {
        "action_cancel_planning": MANAGE,
        "action_open_actions": READ,
        "action_plan": MANAGE,
        "action_print_letters": COLLECT,
        "action_start": MANAGE,
    },
    "collection.segment": {"action_open_profiles": READ},
    "collection.strategy": {"action_open_profiles": READ},
    "collection.team": {"action_open_profiles": READ, "action_reassign": MANAGE},
    "credit.approval": {
        # a tier names one credit manager, and one controller asked
        "action_approve": {"named"},
        "action_open_document": READ,
        "action_recall": {"asked"},
        "action_refuse": {"named"},
    },
    "credit.collateral": {"action_reset": MANAGE, "action_validate": MANAGE},
    "credit.group": {
        "action_add_candidates": MANAGE,
        "action_change_limit": DECIDE,
        "action_open_bucket": OFFICE,
        "action_open_members": READ,
        "action_refresh": READ,
    },
    "credit.hold": {
        "action_approve": {"named"},
        "action_decide_approval": {"named"},
        "action_evaluate": DECIDE,
        "action_evaluate_all": DECIDE,
        "action_open_approvals": READ,
        "action_open_invoices": READ,
        "action_open_order": READ,
        "action_open_profile": READ,
        "action_pay_link": {*SELL, *DECIDE},
        "action_refuse": {"named"},
        "action_refuse_with_words": {"named"},
        "action_reject": DECIDE,
        "action_release": DECIDE,
        "action_release_part": DECIDE,
        "action_try_rules": {*COLLECT, "auditor"},
    },
    "credit.limit.change": {
        "action_approve": DECIDE,
        "action_ask_reject": DECIDE,
        "action_cancel": DECIDE,
        "action_decide_approval": DECIDE,
        "action_draft": DECIDE,
        "action_generate_lines": DECIDE,
        "action_import_lines": DECIDE,
        "action_open_approvals": READ,
        "action_post": DECIDE,
        "action_recall": DECIDE,
        "action_refuse": DECIDE,
        "action_refuse_with_words": DECIDE,
        "action_submit": DECIDE,
    },
    "credit.limit.change.line": {
        "action_ask_reject": DECIDE,
        "action_cancel_scheduled": DECIDE,
        "action_open_change": READ,
        "action_reject": DECIDE,
        "action_restore": DECIDE,
    },
    "credit.profile": {
        "action_add_collateral": DECIDE,
        "action_cancel_temporary_limit": DECIDE,
        "action_change_limit": DECIDE,
        "action_dispute": {*COLLECT, *SELL},
        "action_end_override": MANAGE,
        "action_escalate": COLLECT,
        "action_hold_everything": MANAGE,
        "action_lift_hold": MANAGE,
        "action_log_contact": COLLECT,
        "action_next_customer": COLLECT,
        "action_note_status": MANAGE,
        "action_open_bucket": READ,
        "action_open_case": CASES,
        "action_open_cases": READ,
        "action_open_component": READ,
        "action_open_credit": READ,
        "action_open_disputes": READ,
        "action_open_holds": READ,
        "action_open_interactions": READ,
        "action_open_items": READ,
        "action_open_limit_changes": READ,
        "action_open_partner": READ,
        "action_open_promises": READ,
        "action_override_risk": MANAGE,
        "action_pause": COLLECT,
        "action_pay_link": {*COLLECT, *BOOK, *SELL},
        "action_print_statement": OFFICE,
        "action_promise": COLLECT,
        "action_put_on_hold": MANAGE,
        "action_reassign": MANAGE,
        "action_refresh": READ,
        "action_rescore": COLLECT,
        "action_review_done": DECIDE,
        "action_send_statement": OFFICE,
        "action_set_on_hold": MANAGE,
        "action_simulate": COLLECT,
        "action_snooze": COLLECT,
        "action_temporary_limit": DECIDE,
        "action_try_rules": {*COLLECT, "auditor"},
        "action_wake": COLLECT,
        "action_write_email": READ,
        "is_being_filled": READ,
    },
    "credit.release.outcome": {
        "action_open_hold": READ,
        "action_open_invoices": READ,
    },
    "credit.review.due": {"action_open": READ, "action_review_done": DECIDE},
    "res.partner": {"action_open_credit_profile": {*OFFICE, *SELL}},
    "sale.order": {
        "action_credit_confirm": {*SELL, *BOOK},
        "action_credit_exclude": DECIDE,
        "action_credit_force": DECIDE,
        "action_credit_include": DECIDE,
        "action_credit_pay_link": {*SELL, *DECIDE},
        "action_credit_request": SELL,
        "action_open_credit_hold": INSIDE,
        "action_try_rules": {*COLLECT, "auditor"},
    },
}

ARGUMENTS = {"action_open_bucket": (0, 30), "action_open_component": ("overdue",)}


@tagged("post_install", "-at_install")
class TestWhoMayCall(SceneCommon):
    """Each public method as each role, on a record that the role may read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = [({role}, user) for role, user in cls.users.items()]
        cls.people.append(({"controller", "asked"}, cls.controller))
        cls.people.append(({"manager", "named"}, cls.manager))

    def _methods(self):
        """Yield ``(model, name)`` of what callers find and core does not have."""
        for model in sorted(self.env.registry):
            records = self.env[model]
            if records._abstract or records._transient:
                continue
            for name, _method in inspect.getmembers(type(records), inspect.isfunction):
                homes = {
                    base.__module__.removeprefix("odoo.addons.").partition(".")[0]
                    for base in type(records).mro()
                    if name in vars(base)
                }
                if not name.startswith("_") and homes <= {"credit_collections"}:
                    yield model, name

    def _is_refused(self, records, name):
        """Call a method and take back what it did."""
        refused = False
        with self.env.cr.savepoint() as savepoint, mute_logger("odoo.sql_db"):
            try:
                getattr(records, name)(*ARGUMENTS.get(name, ()))
                self.env.flush_all()
            except AccessError:
                refused = True
            except UserError:  # it may, but there is nothing to do
                self.env.invalidate_all(flush=False)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return refused

    def test_every_public_method_is_listed(self):
        listed = {(model, name) for model, names in WHO.items() for name in names}
        self.assertEqual(set(self._methods()), listed)
        self.assertGreater(len(listed), 140)

    def test_only_those_who_are_listed_may_call_it(self):
        called, wrong = 0, []
        for model, name in self._methods():
            for roles, user in self.people:
                record = self.scene[model].with_user(user)
                if not record.has_access("read"):
                    continue
                called += 1
                who = WHO[model][name]
                may = who is READ or bool(roles & who)
                if self._is_refused(record, name) == may:
                    wrong.append((model, name, user.login, may))
        self.assertGreater(called, 900)
        self.assertFalse(wrong)
