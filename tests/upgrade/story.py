"""What happened in the database before the update; told to the shell of the old code.

Every stored figure, every document and every state that an update could break should
be in it once, with few records: they are kept in the dump.
"""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.fields import Command

TODAY = date(2026, 11, 20)
#: Login and group of the users; each has the group by itself alone.
USERS = {
    "landed_sales": "sales_team.group_sale_salesman",
    "landed_collector": "credit_collections.group_collector",
    "landed_controller": "credit_collections.group_credit_controller",
    "landed_manager": "credit_collections.group_credit_manager",
}


def tell(env):
    """Tell the story day by day, and write all figures at the end."""
    story = Story(env)
    with freeze_time(TODAY - timedelta(days=20)):
        story.set_up()
        story.write_off_before_the_promise()
        # rows of the ledger know when they came, which is when their transaction began
        env.cr.commit()
        story.promise_and_break()
        story.promise_and_write_off()
        story.promise_after_write_off()
    with freeze_time(TODAY - timedelta(days=5)):
        story.sell()
        story.collect()
    with freeze_time(TODAY):
        story.pay()
        story.hold_and_release()
        story.close_the_day()
    env.cr.commit()


class Story:
    """Customers are named after what happened to them."""

    def __init__(self, env):
        self.env = env(
            context={
                **env.context,
                "tracking_disable": True,
                "mail_create_nolog": True,
                "mail_create_nosubscribe": True,
                "no_reset_password": True,
            }
        )
        self.company = env.company
        self.profiles = self.env["credit.profile"]

    def ref(self, name):
        return self.env.ref(f"credit_collections.{name}")

    def as_(self, login, records):
        return records.with_user(self.users[login])

    # === THE STAGE === #

    def set_up(self):
        self.users = {
            login: self.env["res.users"].create(
                {
                    "name": login,
                    "login": login,
                    "email": f"{login}@example.com",
                    "group_ids": [Command.set(self.env.ref(group).ids)],
                }
            )
            for login, group in USERS.items()
        }
        self.company.write(
            {
                "account_use_credit_limit": True,
                "credit_default_policy": "limited",
                "credit_default_limit": 2000.0,
                "credit_limit_manual_edit": True,
            }
        )
        self.service = self.env["product.product"].create(
            {
                "name": "Landed service",
                "type": "service",
                "list_price": 100.0,
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
            }
        )
        self.bad_debts = self.env["account.account"].create(
            {"name": "Landed bad debts", "code": "LANDED", "account_type": "expense"}
        )
        names = ("Member one", "Member two")
        members = self.profiles.union(*(self.profile(name) for name in names))
        self.env["credit.group"].create(
            {
                "name": "Landed group",
                "credit_limit": 5000.0,
                "currency_id": self.company.currency_id.id,
                "expiry_date": TODAY + timedelta(days=200),
                "profile_ids": [Command.set(members.ids)],
            }
        )
        for name in names:
            self.invoice(name, 400.0, due=20)
        self.env["collection.team"].create(
            {
                "name": "Landed team",
                "company_id": self.company.id,
                "leader_id": self.users["landed_manager"].id,
                "member_ids": [
                    Command.create(
                        {"user_id": self.users["landed_collector"].id, "capacity": 25}
                    )
                ],
            }
        )
        self.env["credit.approval.tier"].create(
            {
                "name": "Landed tier",
                "document": "release",
                "level": 1,
                "company_id": self.company.id,
                "amount_from": 4000.0,
                "group_id": self.ref("group_credit_manager").id,
            }
        )
        self.env["credit.approval.substitute"].create(
            {
                "user_id": self.users["landed_manager"].id,
                "substitute_id": self.users["landed_controller"].id,
                "date_from": TODAY + timedelta(days=21),
                "date_to": TODAY + timedelta(days=35),
                "document": "release",
            }
        )
        self.env["collection.assignment.rule"].create(
            {
                "name": "Landed rule",
                "company_id": self.company.id,
                "target": "user",
                "user_id": self.users["landed_collector"].id,
            }
        )
        self.env["credit.automatic.limit"].create(
            {
                "name": "Landed automatic limit",
                "company_id": self.company.id,
                "class_ids": [Command.set(self.ref("risk_class_a").ids)],
                "has_base": True,
                "base_limit": 3000.0,
            }
        )

    def customer(self, name):
        """Return the partner of that name, made when it is needed first."""
        partners = self.env["res.partner"]
        return partners.search([("name", "=", name)]) or partners.create(
            {
                "name": name,
                "is_company": True,
                "email": f"{name.lower().replace(' ', '.')}@example.com",
                "street": "1 Landing",
            }
        )

    def profile(self, name):
        return self.profiles._ensure(self.company, self.customer(name).ids)

    def invoice(self, name, amount, due, post=True):
        """Return an invoice that is due so many days from the frozen day."""
        day = self.env["account.move"]._fields["date"].context_today(self.profiles)
        due = day + timedelta(days=due)
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer(name).id,
                "invoice_date": min(day, due),
                "date": min(day, due),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def settle(self, name, amount, journal, account, invoice=None):
        """Book something against the receivable of a customer, and match it."""
        receivable = self.customer(name).property_account_receivable_id
        entry = self.env["account.move"].create(
            {
                "journal_id": self.env["account.journal"]
                .search([("type", "=", journal)], limit=1)
                .id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.customer(name).id,
                            "credit": amount,
                        }
                    ),
                    Command.create({"account_id": account.id, "debit": amount}),
                ],
            }
        )
        entry.action_post()
        if invoice:
            lines = (entry + invoice).line_ids
            lines.filtered(lambda line: line.account_id == receivable).reconcile()
        return entry

    def write_off(self, name, amount, invoice):
        return self.settle(name, amount, "general", self.bad_debts, invoice)

    def in_bank(self, name, amount, invoice=None):
        journals = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
        account = journals.default_account_id
        return self.settle(name, amount, "bank", account, invoice)

    # === PROMISES === #

    def promise(self, name, amount, days, invoice=None):
        """Return an invoice that is overdue, and a promise to pay of it."""
        invoice = invoice or self.invoice(name, amount, due=-10)
        item = invoice.line_ids.filtered("date_maturity")
        promise = self.env["collection.promise"].create(
            {
                "profile_id": self.profile(name).id,
                "user_id": self.users["landed_collector"].id,
                "made_on": TODAY - timedelta(days=20),
                "date": TODAY + timedelta(days=days),
                "method": "transfer",
                "line_ids": [
                    Command.create({"move_line_id": item.id, "amount": amount})
                ],
            }
        )
        return invoice, promise

    def promise_and_break(self):
        self.promise("Promise broken", 310.0, -15)
        self.promise("Promise open", 320.0, 10)
        _invoice, promise = self.promise("Promise cancelled", 330.0, 10)
        promise._cancel(self.ref("credit_reason_promise_withdrawn"))
        invoice, _promise = self.promise("Promise kept", 340.0, -10)
        self.in_bank("Promise kept", 340.0, invoice)
        invoice, _promise = self.promise("Promise partly kept", 350.0, -15)
        self.in_bank("Promise partly kept", 100.0, invoice)

    def promise_and_write_off(self):
        """The old code takes what was written off for money that was paid."""
        invoice, promise = self.promise("Promise written off", 360.0, -10)
        self.write_off("Promise written off", 360.0, invoice)
        assert promise.state == "kept", promise.state

    def write_off_before_the_promise(self):
        """Of 400, 30 were paid and 20 written off before the rest was promised."""
        name = "Promise after a write-off"
        self.begun = self.invoice(name, 400.0, due=-10)
        self.in_bank(name, 30.0, self.begun)
        self.write_off(name, 20.0, self.begun)

    def promise_after_write_off(self):
        self.promise("Promise after a write-off", 350.0, 10, self.begun)

    # === SALES === #

    def order(self, name, amount):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer(name).id,
                "user_id": self.users["landed_sales"].id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.service.id,
                            "product_uom_qty": 10,
                            "price_unit": amount / 10,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )

    def sell(self):
        """Every component of the exposure once."""
        order = self.order("Every component", 500.0)
        order.action_confirm()
        order.order_line.qty_delivered = 4
        self.invoice("Every component", 110.0, due=-3)
        self.invoice("Every component", 120.0, due=30)
        self.invoice("Every component", 130.0, due=30, post=False)
        self.in_bank("Every component", 40.0)
        self.invoice("Limit raised", 1500.0, due=10)
        self.change_limit("Limit raised", 7000.0)
        self.secure("Secured", 900.0)

    def change_limit(self, name, limit):
        change = self.as_("landed_manager", self.env["credit.limit.change"]).create(
            {
                "kind": "permanent",
                "company_id": self.company.id,
                "description": "Landed",
                "line_ids": [
                    Command.create(
                        {
                            "profile_id": self.profile(name).id,
                            "new_limit": limit,
                            "date_to": TODAY + timedelta(days=300),
                        }
                    )
                ],
            }
        )
        change.action_submit()
        assert change.state == "posted", change.state

    def secure(self, name, amount):
        self.invoice(name, amount * 2, due=15)
        collateral = self.env["credit.collateral"].create(
            {
                "profile_id": self.profile(name).id,
                "type_id": self.ref("credit_collateral_type_insurance").id,
                "coverage_type": "named",
                "policy_number": "LANDED-1",
                "amount": amount,
                "currency_id": self.company.currency_id.id,
                "limit_share": 0.5,
                "date_from": TODAY - timedelta(days=5),
                "date_to": TODAY + timedelta(days=300),
            }
        )
        collateral.write(
            {
                "validated_date": TODAY - timedelta(days=5),
                "validated_by_id": self.users["landed_manager"].id,
            }
        )

    # === COLLECTIONS === #

    def collect(self):
        item = self.overdue_item("Disputed", 600.0)
        self.as_("landed_controller", item)._open_dispute(
            {
                "reason_id": self.ref("credit_reason_dispute_quality").id,
                "description": "Scratches",
            },
            [{"move_line_id": item.id, "amount": 200.0}],
        )
        self.overdue_item("In a case", 700.0)
        profile = self.as_("landed_controller", self.profile("In a case"))
        profile.env["collection.case"]._open_for(profile, only_overdue=True)
        self.env["collection.interaction"].create(
            {
                "profile_id": self.profile("In a case").id,
                "partner_id": self.customer("In a case").id,
                "user_id": self.users["landed_collector"].id,
                "channel": "call",
                "direction": "out",
                "outcome_id": self.ref("credit_reason_outcome_message").id,
                "agreed": "Asked for a call back.",
            }
        )
        self.overdue_item("Contacted", 800.0)
        self.profiles._prepare_collection(self.company)
        run = self.env["collection.run"].create({"company_id": self.company.id})
        run.action_plan()
        planned = run.action_ids.filtered(lambda action: action.state == "planned")
        planned._edit(channel="letter")
        run.action_start()
        run._do_batch(10)

    def overdue_item(self, name, amount):
        invoice = self.invoice(name, amount, due=-12)
        return invoice.line_ids.filtered("date_maturity")

    # === TODAY === #

    def pay(self):
        invoice = self.invoice("Paid late", 900.0, due=-30)
        self.in_bank("Paid late", 900.0, invoice)

    def hold_and_release(self):
        self.invoice("Held", 1900.0, due=20)
        order = self.order("Held", 600.0)
        order.action_confirm()
        assert order.credit_hold_id, "not held"
        self.invoice("Released", 1950.0, due=20)
        order = self.order("Released", 700.0)
        order.action_confirm()
        hold = self.as_("landed_controller", order.credit_hold_id)
        hold._release(
            self.ref("credit_reason_release_good_payer"), note="Landed", confirm=True
        )
        assert order.state == "sale", order.state
        self.invoice("Asked for approval", 1950.0, due=20)
        order = self.order("Asked for approval", 4500.0)
        order.action_confirm()
        hold = self.as_("landed_controller", order.credit_hold_id)
        hold._ask_for_release(
            self.ref("credit_reason_release_good_payer"), note="Landed", confirm=True
        )
        assert hold.sudo().approval_id, "no approval"
        self.profile("On hold").write(
            {
                "credit_status": "orders",
                "status_reason_id": self.ref("credit_reason_status_review").id,
                "status_review_date": TODAY + timedelta(days=5),
            }
        )

    def close_the_day(self):
        """What the night does, so that no figure waits for it."""
        self.env["collection.promise"].search([])._evaluate()
        self.profiles._create_missing(self.company)
        self.profiles._refresh_figures(self.company)
        self.profiles._write_history(self.company)
        self.profiles._write_scores(self.company)
        self.profiles._prepare_collection(self.company)
        self.profiles._refresh_figures(self.company)
        self.env.flush_all()
