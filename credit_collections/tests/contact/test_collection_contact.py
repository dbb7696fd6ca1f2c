from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..run.common import CollectionCommon

ADDRESS = {"street": "1 Main Street", "city": "Springfield", "zip": "12345"}


@tagged("post_install", "-at_install")
class TestCollectionContact(CollectionCommon):
    """Who is written to, channel by channel."""

    def _contact(self, customer, name, **values):
        return self._customer(name, parent_id=customer.id, is_company=False, **values)

    def _addressee(self, customer):
        return self._action(self._plan(), customer).partner_id

    def _use(self, channel, **values):
        self.strategy.step_ids[0].write({"channel": channel, **values})

    def test_the_contact_for_collections_comes_first(self):
        customer = self._debtor("Debtor", (100.0, 10))
        self._contact(customer, "Books", type="invoice")
        clerk = self._contact(customer, "Clerk")
        self._profile(customer).collection_contact_id = clerk
        self.assertEqual(self._addressee(customer), clerk)

    def test_any_contact_with_an_address_is_better_than_none(self):
        customer = self._debtor("Debtor", (100.0, 10), email=False)
        dock = self._contact(customer, "Dock", type="delivery")
        self.assertEqual(self._addressee(customer), dock)
        clerk = self._contact(customer, "Clerk")
        self.assertEqual(self._addressee(customer), clerk)

    def test_addresses_on_the_blacklist_are_none(self):
        customer = self._debtor("Debtor", (100.0, 10))
        self.env["mail.blacklist"]._add(customer.email)
        action = self._action(self._plan(), customer)
        self.assertEqual(action.skip_reason, "no_address")
        self.env["mail.blacklist"]._remove(customer.email)
        self.assertEqual(self._action(self._plan(), customer).state, "planned")

    def test_what_odoo_cannot_read_is_no_address(self):
        customer = self._debtor("Debtor", (100.0, 10), email="see website")
        self.assertEqual(self._action(self._plan(), customer).skip_reason, "no_address")

    def test_letters_need_a_postal_address(self):
        self._use("letter")
        customer = self._debtor("Debtor", (100.0, 10))
        self.assertEqual(self._action(self._plan(), customer).skip_reason, "no_address")
        customer.write(ADDRESS)
        self.assertEqual(self._addressee(customer), customer)

    def test_text_messages_need_a_number_that_is_not_blacklisted(self):
        template = self.env.ref("credit_collections.sms_template_collection_firm")
        self._use("sms", sms_template_id=template.id)
        customer = self._debtor(
            "Debtor", (100.0, 10), country_id=self.env.ref("base.us").id
        )
        customer.phone = "+1 202 555 0123"
        self.assertEqual(self._addressee(customer), customer)
        self.env["phone.blacklist"]._add([customer.phone_sanitized])
        self.assertEqual(self._action(self._plan(), customer).skip_reason, "no_address")

    def test_a_step_needs_a_text_for_its_channel(self):
        for channel in ("email", "letter", "sms"):
            with self.subTest(channel), self.assertRaises(ValidationError):
                step = {"name": "Step", "days": 1, "channel": channel}
                self._strategy(step_ids=[Command.create(step)])
