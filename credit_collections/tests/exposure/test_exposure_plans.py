import re

from odoo.tests import tagged
from odoo.tools import SQL

from ...sql.exposure.exposure import exposure
from ...sql.exposure.order_backlog import open_orders
from ...sql.hub.pot import FEW_PARTNERS
from ..common import CreditCommon

OPEN_ITEMS = "account_move_line_credit_open_items_idx"
DRAFT_ITEMS = "account_move_line_credit_draft_items_idx"
UNDONE_ITEMS = "account_move_line_credit_undone_items_idx"
OPEN_ORDERS = "sale_order_line_credit_open_idx"
ADVANCES = "sale_order_line_credit_advance_idx"
CUSTOMERS = 50
COPIES = 10000


@tagged("post_install", "-at_install")
class TestExposurePlans(CreditCommon):
    """Years of paid invoices cost nothing: PostgreSQL reads what is open from partial
    indexes, without being told to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"No. {n}", "is_company": True} for n in range(CUSTOMERS)]
        )
        for customer in cls.customers[:5]:
            cls._receivable(customer, 50.0, due_in=-3)
            cls._receivable(customer, 50.0, post=False)
            cls._confirmed(customer, 20.0)
        invoice = cls._invoice(cls._confirmed(cls.customers[0], 100.0))
        cls._payment(cls.customers[0], 100.0, invoices=invoice)
        cls._copy_lines("account_move_line", "move_id", invoice.id)
        order = invoice.line_ids.sale_line_ids.order_id
        cls._copy_lines("sale_order_line", "order_id", order.id)

    @classmethod
    def _copy_lines(cls, table, parent, parent_id):
        """Copy the lines of one document thousands of times, for all customers."""
        cls.env.flush_all()
        cls.env.cr.execute(
            """SELECT column_name FROM information_schema.columns
                WHERE table_schema = current_schema AND table_name = %s
                  AND column_name <> 'id'""",
            [table],
        )
        names = [name for (name,) in cls.env.cr.fetchall()]
        partner = SQL("(%s)[1 + n %% %s]", cls.customers.ids, CUSTOMERS)
        cls.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(names)s) SELECT %(values)s "
                "FROM %(table)s line, generate_series(1, %(copies)s) n "
                "WHERE %(parent)s = %(parent_id)s",
                table=SQL.identifier(table),
                names=SQL(", ").join(map(SQL.identifier, names)),
                values=SQL(", ").join(
                    partner if name == "partner_id" else SQL.identifier("line", name)
                    for name in names
                ),
                copies=COPIES,
                parent=SQL.identifier(parent),
                parent_id=parent_id,
            )
        )
        cls.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def _plan(self, partner_ids=None):
        pot = self.company._credit_pot()
        self.env.cr.execute(SQL("EXPLAIN %s", exposure(pot, partner_ids)))
        plan = "\n".join(row for (row,) in self.env.cr.fetchall())
        return re.sub(r"\{[\d,]+\}", "{…}", plan)

    def _indexes(self, partner_ids=None):
        """Return the names of the indexes that PostgreSQL would use."""
        plan = self._plan(partner_ids)
        return set(re.findall(r"(?:using|Bitmap Index Scan on) (\w+)", plan))

    def test_open_items_of_one_customer(self):
        self.assertIn(OPEN_ITEMS, self._indexes(self.customers[0].ids))

    def test_the_contacts_of_a_group_are_looked_up_once(self):
        """Not for each part, and not those of everybody."""
        members = self.env["res.partner"].create(
            [{"name": f"Member {n}", "is_company": True} for n in range(FEW_PARTNERS)]
        )
        plan = self._plan((members + self.customers[0]).ids)
        self.assertEqual(len(re.findall(r"Scan [^(]*\bon res_partner\b", plan)), 1)

    def test_the_items_of_thousands_are_looked_up_one_by_one(self):
        """PostgreSQL would read those of everybody."""
        plan = self._plan([*self.customers.ids, *range(10**6, 10**6 + 5000)])
        for name in (OPEN_ITEMS, DRAFT_ITEMS):
            with self.subTest(name):
                self.assertRegex(
                    plan, rf"using {name}[^\n]*\n +Index Cond: .*partner_id = ANY"
                )

    def test_no_settled_item_is_looked_at(self):
        for partner_ids in (self.customers[:1].ids, self.customers.ids, None):
            with self.subTest(partners=partner_ids):
                used = re.findall(r"account_move_line_\w+", self._plan(partner_ids))
                self.assertLessEqual(set(used), {OPEN_ITEMS, DRAFT_ITEMS})

    def test_open_items_of_everybody(self):
        self.assertIn(OPEN_ITEMS, self._indexes())

    def test_drafts_of_one_customer(self):
        self.assertIn(DRAFT_ITEMS, self._indexes(self.customers[0].ids))

    def test_drafts_of_everybody(self):
        self.assertIn(DRAFT_ITEMS, self._indexes())

    def test_drafts_that_do_not_count_are_not_read(self):
        self.company.credit_count_draft = False
        self.assertNotIn(DRAFT_ITEMS, self._indexes(self.customers[0].ids))
        self.assertNotIn(DRAFT_ITEMS, self._indexes())

    def test_drafts_that_are_paid_have_an_index_of_their_own(self):
        draft = self._receivable(amount=100.0, post=False)
        self._payment(amount=100.0, invoices=draft)  # the first in the database
        self.env.flush_all()
        for counts_drafts in (True, False):
            self.company.credit_count_draft = counts_drafts
            self.assertIn(UNDONE_ITEMS, self._indexes(self.customer.ids))
            self.assertIn(UNDONE_ITEMS, self._indexes())
            # nobody else is asked for it
            self.assertNotIn(UNDONE_ITEMS, self._indexes(self.customers[0].ids))

    def test_open_lines_of_orders_of_everybody(self):
        self.assertIn(OPEN_ORDERS, self._indexes())

    def test_open_lines_of_orders_are_read_from_the_index_alone(self):
        pot = self.company._credit_pot()
        self.env.cr.execute(SQL("EXPLAIN %s", open_orders(pot)))
        plan = " ".join(row for (row,) in self.env.cr.fetchall())
        self.assertRegex(plan, rf"Index Only Scan using {OPEN_ORDERS}")

    def test_advances_of_everybody(self):
        self._confirmed().order_line.is_downpayment = True  # the first in the database
        self.assertIn(ADVANCES, self._indexes())
