"""The demo story, told once with all addons: a minute, for all of its tests."""

from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.credit_collections.demo.stage import NAMESPACE
from odoo.addons.credit_collections.tests import prepared
from odoo.addons.credit_collections.tests.planner import SteadyPlanner


@tagged("post_install", "-at_install")
class TestDemo(SteadyPlanner, TransactionCase):
    """The demo story promises one of each; here it is held to that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        prepared.make_way(cls.env)  # the story has people of the same logins
        cls.env["credit.demo"]._load()
        cls.today = fields.Date.context_today(cls.env["credit.demo"])
        cls.company = cls.env.ref("base.main_company")
        cls.europa = cls._named("europa")
        cls.profiles = cls.env["credit.profile"].search(
            [("partner_id", "in", cls._customers().ids)]
        )
        cls.holds = cls.env["credit.hold"].search(
            [("profile_id", "in", cls.profiles.ids)]
        )
        cls.orders = cls.env["sale.order"].search(
            [("partner_id.commercial_partner_id", "in", cls._customers().ids)]
        )

    # === WHAT IS WHERE === #

    @classmethod
    def _named(cls, name):
        return cls.env.ref(f"{NAMESPACE}.{name}")

    @classmethod
    def _customers(cls):
        data = cls.env["ir.model.data"].search(
            [("module", "=", NAMESPACE), ("name", "like", "customer_")]
        )
        return cls.env["res.partner"].browse(data.mapped("res_id"))

    def _invoices(self, **values):
        domain = [("commercial_partner_id", "in", self._customers().ids)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["account.move"].search(domain)

    def _profile(self, name, company=None):
        partner = self._named(f"customer_{name}")
        company = company or self.company
        return self.profiles.filtered(
            lambda one: one.partner_id == partner and one.company_id == company
        )

    def _counts(self):
        models = ("res.partner", "sale.order", "account.move", "account.payment")
        models += ("res.users", "credit.profile", "credit.hold", "mail.message")
        return {
            model: self.env[model].with_context(active_test=False).search_count([])
            for model in models
        }

    # === COMPANIES, CUSTOMERS, DOCUMENTS === #

    def test_loading_it_again_changes_nothing(self):
        before = self._counts()
        self.env["credit.demo"]._load()
        self.assertEqual(self._counts(), before)

    def test_its_customers_are_nobody_s_own(self):
        """The demo data of deliveries come after it, and go on with its customers."""
        self.assertFalse(self.env["credit.demo"]._has_own_customers())

    def test_there_are_two_companies_with_about_sixty_customers(self):
        self.assertIn(len(self._customers()), range(55, 71))
        self.assertEqual(self.profiles.company_id, self.company + self.europa)
        self.assertNotEqual(self.company.currency_id, self.europa.currency_id)
        both = self._named("customer_hafenkante_schiffsbau")
        own = self.profiles.filtered(lambda profile: profile.partner_id == both)
        self.assertEqual(len(own), 2)

    def test_invoices_go_back_eighteen_months_in_two_currencies(self):
        invoices = self._invoices(move_type="out_invoice", state="posted")
        self.assertLess(
            min(invoices.mapped("invoice_date")), self.today - timedelta(days=520)
        )
        own = invoices.filtered(lambda move: move.company_id == self.company)
        self.assertEqual(len(own.currency_id), 2)

    def test_there_are_documents_of_all_kinds(self):
        self.assertTrue(self._invoices(move_type="out_invoice", state="draft"))
        self.assertTrue(self._invoices(move_type="out_refund", payment_state="paid"))
        self.assertTrue(
            self._invoices(move_type="out_refund", payment_state="not_paid")
        )
        self.assertTrue(
            self._invoices(move_type="out_invoice", payment_state="partial")
        )
        self.assertTrue(self._invoices(move_type="in_invoice", state="posted"))
        self.assertTrue(self.orders.filtered(lambda order: order.state == "cancel"))
        terms = self._invoices(move_type="out_invoice").invoice_payment_term_id
        self.assertTrue(terms.filtered(lambda term: len(term.line_ids) > 1))

    def test_orders_are_invoiced_in_part_in_advance_and_too_much(self):
        lines = self.orders.order_line.filtered(lambda line: not line.display_type)
        goods = lines.filtered(lambda line: not line.is_downpayment)
        self.assertTrue(lines - goods)
        self.assertTrue(
            goods.filtered(
                lambda line: 0 < line.qty_invoiced < line.product_uom_qty,
            )
        )
        self.assertTrue(
            goods.filtered(lambda line: line.qty_invoiced > line.product_uom_qty)
        )

    def test_people_of_a_customer_order_too(self):
        self.assertTrue(self.orders.partner_id.filtered("parent_id"))
        group = self._named("customer_brightwater_group")
        subsidiaries = group.child_ids.filtered("is_company")
        self.assertGreaterEqual(len(subsidiaries), 3)

    # === CREDIT === #

    def test_every_part_of_the_exposure_occurs(self):
        for name in ("overdue", "not_due", "unapplied", "draft", "order", "deposit"):
            with self.subTest(name):
                self.assertTrue(any(self.profiles.mapped(f"{name}_amount")))

    def test_lists_show_the_figures_of_today(self):
        for company in self.company + self.europa:
            live = self.env["credit.profile"]._exposure_map(company)
            for profile in self.profiles.filtered(
                lambda one, company=company: one.company_id == company
            ):
                amounts = dict(live.get(profile.partner_id.id, {}))
                amounts.pop("oldest_due", None)
                self.assertAlmostEqual(profile.exposure, sum(amounts.values()), 2)

    def test_limits_are_of_every_policy_and_use(self):
        self.assertEqual(
            set(self.profiles.mapped("limit_policy")),
            {"default", "limited", "unlimited", "none"},
        )
        used = self.profiles.mapped("limit_used")
        self.assertTrue([share for share in used if 0.88 <= share < 1])
        self.assertTrue([share for share in used if 1 < share < 2])

    # === HOLDS === #

    def test_orders_are_held_for_all_reasons(self):
        held = self.holds.filtered(lambda hold: hold.state == "held")
        self.assertGreater(len(held), 10)
        self.assertLessEqual(
            {"manual", "limit_used", "overdue_amount", "days_overdue"},
            set(held.line_ids.mapped("kind")),
        )
        self.assertTrue(held.filtered(lambda hold: len(hold.line_ids) >= 3))
        self.assertTrue(held.filtered(lambda hold: hold.checkpoint == "change"))
        self.assertEqual(held.company_id, self.company + self.europa)

    def test_held_orders_are_of_different_ages(self):
        held = self.holds.filtered(lambda hold: hold.state == "held")
        self.assertGreater(max(held.mapped("age_days")), 30)
        self.assertEqual(min(held.mapped("age_days")), 0)
        for hold in held:
            self.assertGreaterEqual(hold.held_date, hold.order_id.date_order)

    def test_one_release_was_asked_for_and_one_is_ready(self):
        asked = self._named("hold_riverbend_renovations")
        self.assertEqual(asked.asked_by_id, self._named("user_salesperson"))
        self.assertEqual(asked.state, "held")
        ready = self._named("hold_zephyr_cladding")
        self.assertTrue(ready.is_ready)
        self.assertEqual(ready.state, "held")

    def test_holds_were_decided_in_every_way(self):
        by_state = self.holds.grouped("state")
        self.assertEqual(set(by_state), {"held", "released", "rejected", "lapsed"})
        self.assertGreaterEqual(len(by_state["released"].release_reason_id), 4)
        self.assertIn(
            self.env.ref("credit_collections.credit_reason_release_automatic"),
            by_state["released"].release_reason_id,
        )
        confirmed = by_state["released"].order_id.filtered(
            lambda order: order.state == "sale"
        )
        self.assertTrue(confirmed)
        self.assertTrue(by_state["released"].order_id - confirmed)

    def test_decisions_were_taken_within_ones_authority(self):
        controller = self._named("user_credit_controller")
        authority = self.company.credit_controller_authority
        own = self.holds.filtered(lambda hold: hold.released_by_id == controller)
        self.assertTrue(own)
        self.assertLessEqual(max(own.mapped("amount")), authority)

    def test_orders_are_held_by_hand_released_in_part_and_against_payment(self):
        forced = self._named("hold_forced_vesper_hill_restorations")
        self.assertTrue(forced.is_forced)
        self.assertEqual(forced.state, "held")
        rest = self._named("hold_rest_blackthorn_property_group")
        part = self._named("hold_part_blackthorn_property_group")
        self.assertEqual(rest.split_from_id, part)
        self.assertEqual((part.state, rest.state), ("released", "held"))
        self.assertEqual(part.order_id.state, "sale")
        self.assertTrue(self._named("hold_rustwater_plumbing")._awaits_payment())

    def test_some_released_orders_went_bad(self):
        outcomes = self.env["credit.release.outcome"].search(
            [("profile_id", "in", self.profiles.ids)]
        )
        self.assertIn("late", outcomes.mapped("outcome"))
        late = outcomes.filtered(lambda row: row.outcome == "late")
        self.assertGreater(min(late.mapped("late_days")), 30)

    def test_an_invoice_in_advance_waits_for_a_release(self):
        invoice = self._named("invoice_held")
        hold = self._named("hold_invoice_rustwater_plumbing")
        self.assertEqual(invoice.state, "draft")
        self.assertTrue(invoice.credit_is_held)
        self.assertEqual((hold.state, hold.checkpoint), ("held", "invoice"))
        self.assertEqual(hold.invoice_ids, invoice)
        self.assertEqual(hold.line_ids.rule_id, self._named("rule_invoice"))

    # === PROMISES === #

    def test_promises_became_all_that_they_can(self):
        for name in ("kept", "partly_kept", "broken", "open"):
            self.assertEqual(self._named(f"promise_{name}").state, name)
        self.assertEqual(self._named("promise_plan").instalment_count, 4)
        broken = self._named("promise_broken")
        self.assertEqual(broken.profile_id.broken_promise_count, 1)

    def test_contacts_of_all_kinds_are_logged(self):
        contacts = self.env["collection.interaction"].search(
            [("profile_id", "in", self.profiles.ids)]
        )
        self.assertGreaterEqual(len(contacts.outcome_id), 5)
        self.assertEqual(set(contacts.mapped("direction")), {"in", "out"})
        self.assertTrue(contacts.activity_id)

    # === DISPUTES AND CASES === #

    def test_disputes_are_open_late_proposed_rejected_and_credited(self):
        states = {
            name: self._named(f"dispute_{name}").state
            for name in ("open", "late", "proposed", "rejected", "accepted")
        }
        self.assertEqual(
            states,
            {
                "open": "open",
                "late": "open",
                "proposed": "review",
                "rejected": "rejected",
                "accepted": "accepted",
            },
        )
        late = self._named("dispute_late")
        self.assertLess(late.deadline, self.today)
        self.assertTrue(self._named("dispute_proposed").is_proposed)
        note = self._named("dispute_accepted").credit_note_ids
        self.assertEqual(note.state, "posted")

    def test_cases_are_open_and_with_the_receiver(self):
        cases = self.env["collection.case"].search(
            [("profile_id", "in", self.profiles.ids)]
        )
        self.assertEqual(set(cases.mapped("state")), {"open", "legal"})
        legal = cases.filtered(lambda case: case.state == "legal")
        self.assertTrue(legal.profile_id.is_legal)
        days = (legal.open_date, legal.demand_date, legal.handed_date)
        self.assertEqual(sorted(days), list(days))
        by_hand = cases.interaction_ids.filtered(lambda one: not one.action_id)
        self.assertEqual(len(by_hand), 2)

    def test_letters_were_sent_and_wait_and_a_run_is_planned(self):
        sent, waiting, planned = (
            self._named(f"run_{name}") for name in ("sent", "waiting", "planned")
        )
        self.assertEqual(set(sent.action_ids.mapped("state")), {"sent"})
        self.assertEqual(waiting.letter_count, 3)
        self.assertEqual(planned.state, "planned")
        self.assertEqual(
            set(planned.action_ids.mapped("state")), {"planned", "skipped"}
        )
        # whoever got a letter last week is left alone for some days, or goes on later
        self.assertFalse(
            planned.action_ids.filtered(
                lambda action: (
                    action.state == "planned"
                    and action.profile_id in waiting.action_ids.profile_id
                )
            )
        )

    # === THE FIRST TEN MINUTES === #

    def test_one_quotation_passes_and_one_is_held(self):
        seller = self._named("user_salesperson")
        good, bad = self._named("order_to_pass"), self._named("order_to_hold")
        orders = (good + bad).with_user(seller)
        orders.with_context(allowed_company_ids=self.company.ids).action_confirm()
        self.assertEqual(good.state, "sale")
        self.assertEqual(bad.state, "sent")
        self.assertEqual(bad.credit_hold_id.state, "held")

    def test_the_manager_releases_the_largest_order(self):
        manager = self._named("user_credit_manager")
        hold = self._named("hold_thornbury_developments")
        reason = self.env.ref("credit_collections.credit_reason_release_management")
        hold = hold.with_user(manager)
        hold.with_context(allowed_company_ids=self.company.ids)._release(reason)
        self.assertEqual(hold.order_id.state, "sale")

    def test_a_release_waits_for_the_credit_manager(self):
        approval = self._named("approval_release")
        manager = self._named("user_credit_manager")
        self.assertEqual(approval.state, "pending")
        self.assertEqual(approval.step_id.name, "Credit manager")
        self.assertIn(manager, approval.decider_ids)
        approval.with_user(manager)._approve("Half in advance is enough")
        hold = self._named("hold_paper_crane_exhibitions")
        self.assertEqual(hold.state, "released")

    # === COLLECTORS === #

    def test_every_overdue_customer_has_a_collector_and_a_reason(self):
        overdue = self.profiles.filtered(lambda profile: profile.overdue_amount > 0)
        self.assertTrue(all(profile.collector_id for profile in overdue))
        sources = set(overdue.mapped("collector_source"))
        self.assertLessEqual({"hand", "rule", "leader"}, sources)
        self.assertEqual(overdue.company_id, self.company + self.europa)

    def test_one_collector_is_away_and_another_one_stands_in(self):
        away, there = self._named("user_collector2"), self._named("user_collector")
        self.assertEqual(away._get_acting_collector(self.today)[away], there)
        mine = (
            self.env["credit.profile"]
            .with_user(there)
            .search([("is_mine", "=", True), ("overdue_amount", ">", 0)])
        )
        self.assertEqual(mine.company_id, self.company + self.europa)
        self.assertEqual(mine.collector_id, away + there)

    # === RISK === #

    def test_customers_of_every_class_can_be_seen(self):
        names = set(self.profiles.risk_class_id.mapped("name"))
        self.assertGreaterEqual(len(names), 4, names)

    def test_a_class_was_chosen_by_hand(self):
        profile = self._profile("ironwood_timber_frames")
        self.assertEqual(profile.risk_class_id.name, "B")
        self.assertEqual(profile.risk_override_user_id.login, "credit_manager")

    def test_reviews_are_due_and_the_manager_is_told(self):
        self.env.flush_all()
        dues = self.env["credit.review.due"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "review")]
        )
        self.assertGreater(len(dues), 2)
        activities = dues.profile_id.activity_ids
        kind = self.env.ref("credit_collections.mail_activity_credit_review")
        self.assertIn(kind, activities.activity_type_id)

    def test_automatic_limits_can_be_proposed(self):
        change = self.env["credit.automatic.limit"]._propose(self.company)
        self.assertGreater(len(change.line_ids), 3)

    # === GROUPS AND COLLATERAL === #

    def test_the_companies_of_a_group_share_a_limit(self):
        group = self._named("group_brightwater")
        self.assertEqual(group.member_count, 5)
        self.assertGreater(group.exposure, 0.0)
        self.assertEqual(
            set(group.profile_ids.mapped("limit_expiry_date")), {group.expiry_date}
        )

    def test_a_customer_shares_a_limit_in_both_companies(self):
        group = self._named("group_hafenkante")
        self.assertEqual(group.company_ids, self.company + self.europa)
        self.assertEqual(len(group.profile_ids.partner_id), 1)

    def test_collateral_is_there_in_every_state(self):
        collateral = self.env["credit.collateral"].search(
            [("profile_id", "in", self.profiles.ids)]
        )
        self.assertEqual(
            set(collateral.mapped("state")), {"draft", "active", "expired"}
        )
        insured = collateral.filtered(lambda one: one.state == "active").profile_id
        self.assertGreater(sum(insured.mapped("collateral_amount")), 0.0)

    # === DELIVERIES === #

    def test_deliveries_of_late_payers_wait(self):
        rule = self._named("rule_delivery")
        holds = self.env["credit.hold"].search([("line_ids.rule_id", "=", rule.id)])
        self.assertTrue(holds)
        self.assertEqual(set(holds.mapped("state")), {"held"})
        self.assertEqual(set(holds.picking_ids.mapped("credit_is_held")), {True})

    def test_others_were_delivered_and_not_invoiced(self):
        profiles = self.env["credit.profile"].search([("delivered_amount", ">", 0)])
        self.assertGreaterEqual(len(profiles), 5)
