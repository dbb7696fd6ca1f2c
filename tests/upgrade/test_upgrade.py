"""A database of a landed state is updated to the code at hand: nothing is lost in it.

The landed state comes from a dump, see README.md here.
"""

import csv
import os
import re
import subprocess
from unittest.mock import patch

import landed
import psycopg2
from story import TODAY, USERS

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor, close_db
from odoo.tests import BaseCase, freeze_time, tagged
from odoo.tools import config

from dev import cluster, database, odoo_cli, place, testing

UPDATE = f"""
import freezegun, odoo.cli
freezegun.freeze_time("{TODAY}").start()
odoo.cli.main()
"""
#: Jobs that look every hour whose day it is, once a company and day.
HOURLY = {
    (f"credit_collections.ir_cron_{name}", "interval_type")
    for name in ("collateral", "collection_assign", "collection_promise")
}
#: Columns that are a table of their own now.
MOVED = {("credit_profile", "decision_count"), ("credit_group", "decision_count")}
#: Documents and their figures, which no update changes but as a test says.
UNTOUCHED = (
    "credit_profile",
    "credit_group",
    "credit_hold",
    "credit_hold_line",
    "credit_approval",
    "credit_approval_step",
    "credit_approval_tier",
    "credit_approval_substitute",
    "credit_limit_change",
    "credit_limit_change_line",
    "credit_collateral",
    "credit_risk_history",
    "credit_automatic_limit",
    "collection_action",
    "collection_action_line",
    "collection_assignment_rule",
    "collection_case",
    "collection_dispute",
    "collection_dispute_line",
    "collection_interaction",
    "collection_promise",
    "collection_promise_line",
    "collection_run",
    "collection_team",
    "collection_team_member",
    "account_move_line",
    "sale_order",
)
CRON = ("active", "interval_number", "interval_type", "priority", "user_id")


@tagged("post_install", "-at_install")
class TestUpgrade(BaseCase):
    """One database, loaded and updated once; each test looks and rolls back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # named after this process, so that it is removed also when that is killed
        cls.name = f"test_{os.getpid()}"
        setup = odoo_cli.prepare()
        database.create(cls.name, template=testing._template(setup))
        cls.addClassCleanup(cls._drop)
        cls.dump = landed.read()
        connection = psycopg2.connect(
            host=cluster.folder(),
            port=cluster.PORT,
            user=cluster.USER,
            dbname=cls.name,
        )
        with connection:
            cls.translate = landed.load(connection.cursor(), cls.dump)
        connection.close()
        cls.log = cls._update(setup)
        with patch.dict(config.options, test_enable=False):  # of the addons' own tests
            cls.registry = Registry(cls.name)

    @classmethod
    def _update(cls, setup):
        """Update to the code at hand, on the day after which nothing happened yet."""
        words = [setup.venv / "bin/python", "-c", UPDATE, "-c", setup.config]
        words += ["-d", cls.name, "-u", "credit_collections", "--no-http"]
        result = subprocess.run(
            [str(word) for word in (*words, "--stop-after-init")],
            env=setup.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert result.returncode == 0, result.stdout[-3000:]
        return result.stdout

    @classmethod
    def _drop(cls):
        Registry.delete(cls.name)
        close_db(cls.name)
        database.drop(cls.name)

    def setUp(self):
        super().setUp()
        self.cr = self.registry.cursor()
        self.addCleanup(self.cr.close)
        self.env = api.Environment(self.cr, SUPERUSER_ID, {})

    # === HELPERS === #

    def rows_of(self, table):
        """Return what the dump has of a table, with the ids of this database."""
        return [self.translate.row(table, row) for row in self.dump["rows"][table]]

    def rows_now(self, table):
        self.cr.execute(f'SELECT jsonb_strip_nulls(to_jsonb(r)) FROM "{table}" r')
        return {row["id"]: row for (row,) in self.cr.fetchall()}

    def profile_of(self, name):
        return self.env["credit.profile"].search([("partner_id.name", "=", name)])

    def promise_of(self, name):
        profile = self.profile_of(name)
        return self.env["collection.promise"].search([("profile_id", "=", profile.id)])

    def xmlids(self, model):
        """Return ``{module.name: id}`` of the landed state."""
        return {
            f"{row['module']}.{row['name']}": row["res_id"]
            for row in self.rows_of("ir_model_data")
            if row["model"] == model
        }

    # === THE UPDATE === #

    def test_the_dump_is_small(self):
        self.assertLess(landed.DUMP.stat().st_size, 500_000)

    def test_it_ends_without_a_complaint(self):
        complaints = re.findall(r"(?m)^.* (?:WARNING|ERROR|CRITICAL) .*$", self.log)
        self.assertFalse(complaints)

    def test_versions_have_risen(self):
        module = self.env.ref("base.module_credit_collections")
        before = self.dump["versions"]["credit_collections"]
        self.assertEqual(module.state, "installed")
        self.assertGreater(numbers(module.latest_version), numbers(before))

    def test_no_xml_id_is_lost(self):
        self.cr.execute(
            "SELECT module || '.' || name, model, res_id FROM ir_model_data"
        )
        now = {(name, model): res_id for name, model, res_id in self.cr.fetchall()}
        lost = [
            (row["module"], row["name"])
            for row in self.rows_of("ir_model_data")
            if now.get((f"{row['module']}.{row['name']}", row["model"]))
            != row["res_id"]
        ]
        self.assertFalse(lost)

    def test_every_xml_id_has_its_record(self):
        by_model = {}
        for row in self.rows_of("ir_model_data"):
            by_model.setdefault(row["model"], set()).add(row["res_id"])
        for model, ids in by_model.items():
            found = self.env[model].browse(ids).exists()
            self.assertEqual(set(found.ids), ids, model)

    def test_no_column_is_lost(self):
        self.cr.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
        )
        now = set(self.cr.fetchall())
        before = {
            (table, column)
            for table, rows in self.dump["rows"].items()
            for row in rows
            for column in row
        }
        self.assertLessEqual(before - now, MOVED)

    def test_decisions_are_counted_on(self):
        """Their counters moved into a table of their own."""
        before = {
            row["id"]: row["decision_count"]
            for row in self.rows_of("credit_profile")
            if row.get("decision_count")
        }
        self.assertTrue(before)
        profiles = self.env["credit.profile"].browse(before)
        counts = {profile.id: profile.decision_count for profile in profiles}
        self.assertEqual(counts, before)

    # === FIGURES === #

    def test_documents_are_as_they_were(self):
        for table in UNTOUCHED:
            now = self.rows_now(table)
            for before in self.rows_of(table):
                if self.is_judged_again(table, before):
                    continue
                if self.has_only_waited(table, before):
                    continue
                kept = {
                    name: value
                    for name, value in before.items()
                    if not name.startswith("write_") and (table, name) not in MOVED
                }
                same = {k: now[before["id"]].get(k) for k in kept}
                self.assertEqual(same, kept, table)

    def is_judged_again(self, table, row):
        """Whether a row is about a promise with a write-off, judged in another way."""
        kept = self.promise_of("Promise written off")
        begun = self.promise_of("Promise after a write-off")
        return (
            (table == "credit_profile" and row["id"] == kept.profile_id.id)
            or (table == "collection_promise" and row["id"] == kept.id)
            or (
                table == "collection_promise_line"
                and row["promise_id"] in (kept + begun).ids
            )
        )

    def has_only_waited(self, table, row):
        """Whether a contact had been logged that has not left, or counted as last."""
        actions = {
            one["id"]
            for one in self.rows_of("collection_action")
            if one["state"] == "queued"
        }
        early = [
            one
            for one in self.rows_of("collection_interaction")
            if one.get("action_id") in actions
        ]
        if table == "collection_interaction":
            return row in early
        profiles = {one["profile_id"] for one in early}
        return table == "credit_profile" and row["id"] in profiles

    def test_what_only_waited_to_be_sent_is_no_contact_any_more(self):
        early = [
            row
            for row in self.rows_of("collection_interaction")
            if self.has_only_waited("collection_interaction", row)
        ]
        self.assertTrue(early)
        now = self.rows_now("collection_interaction")
        profiles = self.rows_now("credit_profile")
        before = {row["id"]: row for row in self.rows_of("credit_profile")}
        for contact in early:
            self.assertNotIn(contact["id"], now)
            # the columns of such a customer are what they were but for the day
            customer = contact["profile_id"]
            changed = {
                name
                for name, value in before[customer].items()
                if not name.startswith("write_")
                and ("credit_profile", name) not in MOVED
                and profiles[customer].get(name) != value
            }
            self.assertLessEqual(changed, {"last_contact_date"})

    def test_a_promise_that_a_write_off_had_kept_is_cancelled(self):
        promise = self.promise_of("Promise written off")
        self.assertEqual(promise.state, "cancelled")
        reason = self.env.ref("credit_collections.credit_reason_promise_written_off")
        self.assertEqual(promise.cancel_reason_id, reason)
        self.assertNotIn("kept_rate", self.rows_now("collection_promise")[promise.id])
        profile = self.rows_now("credit_profile")[promise.profile_id.id]
        self.assertNotIn("kept_promise_rate", profile)
        self.assertFalse(promise.activity_id, "somebody was told")

    def test_what_came_before_a_promise_is_told_apart(self):
        """Of 50 that had settled the item, 30 were money and 20 a write-off."""
        line = self.promise_of("Promise after a write-off").line_ids
        self.assertEqual((line.paid_before, line.written_off_before), (30, 20))

    def test_figures_are_those_of_the_ledger(self):
        """Worked out by hand from the story."""
        profile = self.profile_of("Every component")
        self.assertEqual(profile.overdue_amount, 110)
        self.assertEqual(profile.not_due_amount, 120)
        self.assertEqual(profile.unapplied_amount, -40)
        self.assertEqual(profile.draft_amount, 130)
        self.assertEqual(profile.delivered_amount, 4 * 50)
        self.assertEqual(profile.order_amount, 6 * 50)
        self.assertEqual(profile.exposure, 820)
        self.assertEqual(profile.available_credit, 2000 - 820)
        # both members owe 400 of the 5,000 of their group
        self.assertEqual(self.profile_of("Member one").available_credit, 4200)
        # the collateral raises the limit by half of its 900
        self.assertEqual(self.profile_of("Secured").effective_limit, 2000 + 450)
        self.assertEqual(self.profile_of("Limit raised").effective_limit, 7000)

    @freeze_time(TODAY)
    def test_a_fresh_computation_changes_no_figure(self):
        profiles = self.env["credit.profile"].search([])
        self.assertEqual(len(profiles), len(self.rows_of("credit_profile")))
        changed = profiles._refresh_figures(self.env.company)
        self.assertFalse(changed.partner_id.mapped("name"))

    @freeze_time(TODAY)
    def test_promises_are_judged_as_by_the_code_at_hand(self):
        promises = self.env["collection.promise"].search([])
        before = {promise.id: promise.state for promise in promises}
        promises._evaluate()
        self.assertEqual({promise.id: promise.state for promise in promises}, before)
        states = {
            promise.profile_id.partner_id.name: promise.state for promise in promises
        }
        for state in ("open", "broken", "cancelled", "kept", "partly kept"):
            self.assertEqual(states[f"Promise {state}"], state.replace(" ", "_"))

    @freeze_time(TODAY)
    def test_what_came_before_a_promise_does_not_count_for_it(self):
        """All of the 350 that were open when they were promised is still due."""
        promise = self.promise_of("Promise after a write-off")
        promise._evaluate()
        self.assertEqual(promise.state, "open")
        self.assertEqual((promise.due_amount, promise.kept_amount), (350, 0))

    def test_figures_that_write_offs_had_a_part_in_follow_at_once(self):
        for name in ("ir_cron_refresh", "ir_cron_collection_assign"):
            cron = self.env.ref(f"credit_collections.{name}")
            triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            self.assertTrue(triggers, name)

    # === RIGHTS === #

    def test_access_is_as_declared(self):
        for addon in landed.MODULES:
            path = place.TOP / addon / "security" / "ir.model.access.csv"
            declared = list(csv.DictReader(path.open())) if path.exists() else []
            known = {name.partition(".")[2] for name in self.xmlids("ir.model.access")}
            for line in declared:
                access = self.env.ref(f"{addon}.{line['id']}")
                group = self.full_name(addon, line["group_id:id"])
                self.assertEqual(access.group_id, self.env.ref(group), line)
                model = self.env.ref(self.full_name(addon, line["model_id:id"]))
                self.assertEqual(access.model_id, model, line)
                self.assertTrue(access.active, line)
                for name in ("perm_read", "perm_write", "perm_create", "perm_unlink"):
                    self.assertEqual(str(int(access[name])), line[name], line)
                known.discard(line["id"])
            if declared:
                self.assertFalse(known, "access that nobody declares any more")

    @staticmethod
    def full_name(addon, name):
        return name if "." in name else f"{addon}.{name}"

    def test_rules_on_records_are_in_force(self):
        xmlids = self.xmlids("ir.rule")
        self.assertTrue(xmlids)
        before = {row["id"]: row for row in self.rows_of("ir_rule")}
        for name, rule_id in xmlids.items():
            rule = self.env["ir.rule"].browse(rule_id)
            self.assertTrue(rule.active, name)
            self.assertEqual(rule.domain_force, before[rule_id]["domain_force"], name)

    def test_users_keep_their_groups(self):
        for login, group in USERS.items():
            user = self.env["res.users"].search([("login", "=", login)])
            self.assertIn(self.env.ref(group), user.group_ids, login)

    def test_roles_may_what_they_might(self):
        self.profile_as("landed_manager").credit_status = "orders"
        self.profile_as("landed_collector").read(["exposure"])
        for login in ("landed_sales", "landed_collector"):
            with self.assertRaises(AccessError):
                self.profile_as(login).credit_status = "orders"
        with self.assertRaises(AccessError):
            hold = self.env["credit.hold"].search([], limit=1)
            hold.with_user(self.user("landed_collector")).write({"state": "released"})

    def profile_as(self, login):
        return self.profile_of("Every component").with_user(self.user(login))

    def user(self, login):
        return self.env["res.users"].search([("login", "=", login)])

    # === JOBS === #

    def test_jobs_are_as_they_were(self):
        before = {row["id"]: row for row in self.rows_of("ir_cron")}
        code = {row["id"]: row.get("code") for row in self.rows_of("ir_act_server")}
        xmlids = self.xmlids("ir.cron")
        self.assertEqual(len(xmlids), len(before))
        now = self.rows_now("ir_cron")
        for name, cron_id in xmlids.items():
            old, new = before[cron_id], now[cron_id]
            kept = [key for key in CRON if (name, key) not in HOURLY]
            self.assertEqual(
                [new.get(key) for key in kept], [old.get(key) for key in kept], name
            )
            cron = self.env["ir.cron"].browse(cron_id)
            self.assertEqual(cron.code, code[old["ir_actions_server_id"]], name)

    @freeze_time(TODAY)
    def test_every_job_runs(self):
        # what a job commits would be there for the other tests
        with patch.object(Cursor, "commit", Cursor.flush):
            for name in self.xmlids("ir.cron"):
                with self.subTest(name), self.assertNoLogs("odoo", "ERROR"):
                    self.env.ref(name).ir_actions_server_id.run()
                    self.env.flush_all()

    # === SCREENS === #

    def test_views_are_valid(self):
        views = self.env["ir.ui.view"].browse(self.xmlids("ir.ui.view").values())
        self.assertTrue(views)
        views._check_xml()

    def test_menus_open(self):
        for name in self.xmlids("ir.actions.act_window"):
            action = self.env.ref(name)
            modes = action.view_mode.split(",")
            views = [(False, mode) for mode in modes if mode != "form"]
            self.env[action.res_model].get_views([*views, (False, "form")])

    # === THE GATE === #

    @freeze_time(TODAY)
    def test_the_next_order_is_decided_on(self):
        partner = self.profile_of("Held").partner_id
        seller = self.user("landed_sales")
        product = self.env["product.product"].search([("name", "=", "Landed service")])
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": seller.id,
                "order_line": [(0, 0, {"product_id": product.id, "price_unit": 900})],
            }
        )
        order.with_user(seller).action_confirm()
        self.assertEqual(order.state, "draft")
        self.assertTrue(order.credit_hold_id)


def numbers(version):
    return [int(part) for part in version.split(".")]
