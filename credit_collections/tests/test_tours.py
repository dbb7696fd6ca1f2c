from odoo.tests import HttpCase, tagged

from .common import LimitedCommon


@tagged("post_install", "-at_install")
class TestTours(LimitedCommon, HttpCase):
    """What people do in the browser, each with the rights of the role."""

    freeze_time = None  # a browser has the real clock

    def test_a_salesperson_is_held_and_the_manager_releases(self):
        order = self._order(self.limited, 1500.0)
        self.start_tour(
            f"/odoo/sales/{order.id}", "credit_hold_salesperson", login="credit_sales"
        )
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.credit_hold_id.asked_by_id, self.salesperson)
        self.start_tour(
            "/odoo/credit-holds", "credit_hold_manager", login="credit_manager"
        )
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.credit_hold_id.release_note, "Proof of payment seen")
        self.assertEqual(order.credit_hold_id.released_by_id, self.manager)

    def test_a_manager_sets_a_limit_and_looks_behind_the_exposure(self):
        self._receivable(self.limited, 700.0, due_in=20)
        profile = self._profile(self.limited)
        self.start_tour(
            f"/odoo/credit-profiles/{profile.id}",
            "credit_profile_limit",
            login="credit_manager",
        )
        self.assertEqual(profile.credit_limit, 5000.0)

    def test_lists_name_the_company_where_several_are_active(self):
        other = self.setup_other_company(name="Other")["company"]
        self.manager.company_ids += other
        self._order(self.limited, 1500.0).action_confirm()
        both = f"{self.company.id}-{other.id}"
        for active, tour in (
            (str(self.company.id), "credit_lists_one_company"),
            (both, "credit_lists_two_companies"),
        ):
            for page in ("credit-holds", "credit-profiles"):
                self.start_tour(
                    f"/odoo/{page}",
                    tour,
                    login="credit_manager",
                    cookies={"cids": active},
                )
