from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.view_validation import get_expression_field_names

from ..common import SALESPERSON, CreditCommon

ADDON = "credit_collections"
#: Whoever sees the document may know these, though they come from elsewhere.
FACTS = {
    ("sale.order", "credit_currency_id"): "the company's currency",
    ("sale.order", "credit_hold_state"): "whether the order is held",
    ("sale.order", "credit_asked_date"): "since when somebody is asked",
}
#: What salespeople learn of their customers' credit: verdict, room, overdue, holds.
SALES = {
    *("id", "display_name", "active", "partner_id", "company_id", "currency_id"),
    *("user_id", "create_uid", "create_date", "write_uid", "write_date"),
    *("overdue_amount", "overdue_days", "oldest_due_date", "not_due_amount"),
    *("unapplied_amount", "draft_amount", "delivered_amount", "order_amount"),
    *("deposit_amount", "exposure", "exposure_picture", "aging_picture"),
    *("available_credit", "limit_used", "figures_date", "is_limited"),
    *("limit_policy", "credit_limit", "effective_limit", "temporary_until"),
    *("limit_expiry_date", "is_limit_editable"),
    *("group_id", "group_available", "group_currency_id"),
    *("check_policy", "credit_status", "status_reason_id", "status_review_date"),
    *("hold_ids", "hold_count"),
    # what they may bring forward, and whom they ask
    *("dispute_ids", "dispute_count", "disputed_amount", "promised_until"),
    *("open_item_ids", "open_item_count", "collector_id", "collection_contact_id"),
    *("contact_email", "contact_phone", "do_not_contact_until", "is_legal"),
    *("last_contact_date", "interaction_count", "open_promise_count", "strategy_id"),
    # where the limit comes from
    *("collateral_amount", "limit_origin", "limit_change_count"),
}
MODIFIERS = ("invisible", "readonly", "required", "column_invisible")


def is_ours(name):
    return (name or "").startswith(ADDON)


@tagged("post_install", "-at_install")
class TestWhoSees(CreditCommon):
    """Nobody reads of a customer's credit what his role does not need."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._user("employee", "base.group_user")
        cls.portal = new_test_user(
            cls.env, login="portal_customer", groups="base.group_portal"
        )
        cls.colleague = cls._user("colleague", SALESPERSON)

    def _ours_on_core(self):
        """Yield what we add to records of core, model by model."""
        for name in sorted(self.env.registry.models):
            model = self.env[name]
            if model._abstract or model._transient or is_ours(model._original_module):
                continue
            for field in model._fields.values():
                if is_ours(field._module):
                    yield model, field

    # === WHAT IS ADDED TO CORE === #

    def test_everything_added_to_core_is_for_internal_users(self):
        found = list(self._ours_on_core())
        self.assertGreater(len(found), 60)
        bare = {
            f"{model._name}.{field.name}" for model, field in found if not field.groups
        }
        self.assertFalse(bare)

    def test_portal_users_see_none_of_it(self):
        models = {model._name for model, _field in self._ours_on_core()}
        seen = {
            (name, field)
            for name in models
            for field in self.env[name].with_user(self.portal).fields_get()
            if is_ours(self.env[name]._fields[field]._module)
        }
        self.assertFalse(seen)

    def test_what_comes_from_other_records_is_read_as_the_user(self):
        as_superuser = {
            (model._name, field.name)
            for model, field in self._ours_on_core()
            if field.related and field.compute_sudo
        }
        self.assertEqual(as_superuser, set(FACTS))

    # === THE PICTURE ON THE CUSTOMER === #

    def _picture(self, user):
        self.env.invalidate_all()
        return self.customer.with_user(user).credit_picture

    def test_the_picture_is_for_those_who_read_the_profile(self):
        self.customer.user_id = self.salesperson
        self._profile(self.customer).write({"limit_policy": "limited"})
        for user in (self.salesperson, self.collector, self.manager):
            with self.subTest(user=user.login):
                self.assertTrue(self._picture(user))

    def test_colleagues_of_the_salesperson_see_no_picture(self):
        self.customer.user_id = self.salesperson
        self._profile(self.customer)
        self.assertFalse(self._picture(self.colleague))

    def test_others_may_not_ask_for_the_picture(self):
        self._profile(self.customer)
        self.portal.partner_id.parent_id = self.customer
        for user in (self.employee, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._picture(user)

    def test_a_plain_employee_reads_customers_as_ever(self):
        fields = self.customer.with_user(self.employee).fields_get()
        self.assertIn("name", fields)
        self.assertFalse({"credit_picture", "credit_profile_id"} & set(fields))

    # === SALESPEOPLE === #

    def test_salespeople_read_the_verdict_and_no_more(self):
        profile = self._profile(self.customer).with_user(self.salesperson)
        mail = {
            name
            for name, field in profile._fields.items()
            if field._module in ("mail", "sms", "rating", "portal")
        }
        self.assertEqual(set(profile.fields_get()) - mail, SALES)
        self.assertIn("available_credit", profile.read()[0])
        with self.assertRaises(AccessError):
            profile.read(["note"])

    def test_salespeople_open_the_profile(self):
        profile = self._profile(self.customer).with_user(self.salesperson)
        self.assertEqual(Form(profile).partner_id, self.customer)

    # === WIZARDS === #

    def test_wizards_read_as_their_user(self):
        """But the policy, which managers may not read on the company itself."""
        as_superuser = {
            f"{name}.{field.name}"
            for name in self.env.registry.models
            if self.env[name]._transient
            and is_ours(self.env[name]._original_module)
            and name != "credit.policy"
            for field in self.env[name]._fields.values()
            if field.related and field.compute_sudo
        }
        self.assertFalse(as_superuser)

    # === SCREENS === #

    def test_no_screen_asks_for_what_its_reader_may_not_see(self):
        """What an expression of a screen names is loaded with it: it would stop."""
        people = [
            *(self.salesperson, self.collector, self.controller, self.manager),
            self._user("auditor", "account.group_account_readonly"),
            self._user("invoicing", "account.group_account_invoice"),
        ]
        views = self.env["ir.ui.view"].search(
            [("inherit_id", "=", False), ("model", "!=", False)]
        )
        views = views.filtered(
            lambda view: is_ours((view.xml_id or "").partition(".")[0])
        )
        broken = set()
        for user in people:
            for view in views:
                model = self.env[view.model].with_user(user)
                if not model.has_access("read"):
                    continue
                arch = model.get_view(view.id, view.type)["arch"]
                broken |= {
                    (user.login, view.name, name)
                    for name in self._missing(etree.fromstring(arch))
                }
        self.assertFalse(broken)

    def _missing(self, tree):
        """Yield names that expressions use and the screen does not load."""
        for node in tree.iter(etree.Element):
            used = set()
            for modifier in MODIFIERS:
                used |= get_expression_field_names(node.get(modifier) or "False")
            level = next(
                (one for one in node.iterancestors() if one.tag == "field"), tree
            )
            loaded = {field.get("name") for field in level.iter("field")}
            yield from {name for name in used if "." not in name} - loaded - {"id"}
