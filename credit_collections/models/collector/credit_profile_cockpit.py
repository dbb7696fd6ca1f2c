from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ...engine.exposure.aging import BOUNDS, bucket_names
from ...sql.exposure.aging import READS, aging
from ...sql.hub.open_items import OWED, is_late, is_owed
from ...sql.risk import payment_behaviour
from ...sql.risk.payment_behaviour import payments_by_month
from ...tools import access
from ...tools.statements import flush

#: Open items that the page of a customer lists; a button opens all of them.
ITEMS_SHOWN = 100

#: Months of payments in the chart.
MONTHS = 12


class CreditProfile(models.Model):
    """What a collector needs to know of one customer during a call, on one page."""

    _inherit = "credit.profile"

    open_item_ids = fields.Many2many(
        "account.move.line", compute="_compute_open_item_ids", string="Open Items"
    )
    open_item_count = fields.Integer(compute="_compute_open_item_ids")
    aging_picture = fields.Json(compute="_compute_aging_picture")
    payment_picture = fields.Json(
        compute="_compute_payment_picture", groups=access.OFFICE
    )
    collection_action_ids = fields.One2many(
        "collection.action",
        "profile_id",
        domain=[("state", "not in", ("planned", "skipped", "cancelled"))],
        string="Letters and Actions",
        groups=access.OFFICE,
    )

    contact_email = fields.Char(compute="_compute_contact_data")
    contact_phone = fields.Char(compute="_compute_contact_data")

    @api.depends("collection_contact_id", "partner_id.email", "partner_id.phone")
    def _compute_contact_data(self):
        partners = self.env["res.partner"]
        found = self._origin._get_contacts()
        for profile in self:
            needs = found.get(profile._origin.id, {})
            profile.contact_email = partners.browse(needs.get("email_contact_id")).email
            profile.contact_phone = partners.browse(needs.get("phone_contact_id")).phone

    # the picture changes whenever something of the customer is booked
    @api.depends("exposure", "overdue_amount", "not_due_amount", "unapplied_amount")
    def _compute_open_item_ids(self):
        items = self.env["account.move.line"]
        found = {}
        for company, profiles in self.grouped("company_id").items():
            if company and profiles.partner_id:
                found.update(profiles._read_open_items())
        shown = [item_id for ids in found.values() for item_id in ids[:ITEMS_SHOWN]]
        # at once; else each page would read its own to check them
        if shown:
            items.browse(shown).check_access("read")
        for profile in self:
            ids = found.get((profile.company_id.id, profile.partner_id.id), [])
            profile.open_item_count = len(ids)
            profile.open_item_ids = items.browse(ids[:ITEMS_SHOWN])

    def _read_open_items(self):
        """Return ``{(company_id, partner_id): ids of open items, the oldest first}``
        of customers of one company, one statement."""
        items = self.env["account.move.line"]
        query = items._search(self._open_items_domain(), order="date_maturity, id")
        customer = query.left_join(
            query.table, "partner_id", "res_partner", "id", "partner_id"
        )
        rows = self.env.execute_query(
            query.select(
                SQL.identifier(customer, "commercial_partner_id"),
                SQL.identifier(query.table, "id"),
            )
        )
        found = defaultdict(list)
        for partner_id, item_id in rows:
            found[self.company_id.id, partner_id].append(item_id)
        return found

    @api.depends("exposure", "overdue_amount", "not_due_amount", "unapplied_amount")
    def _compute_aging_picture(self):
        for company, profiles in self.grouped("company_id").items():
            rows = profiles._aging_rows(company) if company else {}
            for profile in profiles:
                nothing = [0.0] * (len(BOUNDS) + 2)
                *amounts, unapplied = rows.get(profile.partner_id.id, nothing)
                profile.aging_picture = {
                    "buckets": [
                        {"label": label, "amount": amount, "first": first, "last": last}
                        for label, amount, (first, last) in zip(
                            profile._bucket_labels(),
                            amounts,
                            bucket_names(),
                            strict=True,
                        )
                    ],
                    "unapplied": unapplied,
                    "currency_id": profile.currency_id.id,
                }

    def _aging_rows(self, company):
        """Return ``{partner_id: [amount per bucket…, unapplied]}`` of the profiles."""
        flush(self.env, READS)
        statement = aging(company._credit_pot(), BOUNDS, self.partner_id.ids)
        return {
            partner_id: list(map(float, amounts))
            for partner_id, *amounts in self.env.execute_query(statement)
        }

    @api.model
    def _bucket_labels(self):
        labels = [self.env._("Not due")]
        for first, last in bucket_names()[1:]:
            labels.append(f"{first}–{last}" if last else f"> {first - 1}")
        return labels

    @api.depends("exposure", "overdue_amount", "not_due_amount", "unapplied_amount")
    @api.depends_context("lang")
    def _compute_payment_picture(self):
        months = {}
        for company, profiles in self.grouped("company_id").items():
            if company and profiles.partner_id:
                months.update(profiles._payment_months())
        for profile in self:
            profile.payment_picture = {
                "months": months.get(profile, []),
                "currency_id": profile.currency_id.id,
            }

    def _payment_months(self):
        """Return ``{profile: its last months}`` of customers of one company."""
        flush(self.env, payment_behaviour.READS)
        pot = self.company_id._credit_pot()
        roles = self.env["account.account"]._credit_roles()
        first = pot.today.replace(day=1) - relativedelta(months=MONTHS - 1)
        found = defaultdict(dict)
        for partner_id, month, *figures in self.env.execute_query(
            payments_by_month(pot, roles, self.partner_id.ids, first)
        ):
            found[partner_id][month] = figures
        return {
            profile: self._describe_months(first, found[profile.partner_id.id])
            for profile in self
            if profile.partner_id
        }

    @api.model
    def _describe_months(self, first, found):
        """Return the months from the first one: label, amount paid, how many days late,
        and what was written off.

        :param found: ``{month: (amount, days late, written off)}`` of those with any
        """
        months = []
        for number in range(MONTHS):
            month = first + relativedelta(months=number)
            amount, days, written_off = found.get(month, (0.0, None, 0.0))
            months.append(
                {
                    "label": format_date(self.env, month, date_format="MMM yyyy"),
                    "amount": float(amount),
                    "days_late": None if days is None else round(float(days)),
                    "written_off": float(written_off),
                }
            )
        return months

    # === BUTTONS === #

    def action_open_credit(self):
        """Open what the customer may owe, beside what it owes."""
        self.ensure_one()
        form = self.env.ref("credit_collections.credit_profile_view_form")
        return {**self._get_records_action(), "views": [(form.id, "form")]}

    def action_open_items(self):
        """Open all open items of the customer."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_collections.account_move_line_action_collection"
        )
        name = self.env._("Open Items of %s", self.partner_id.name)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": list(self._open_items_domain()),
            "context": {},
        }

    def action_open_bucket(self, first, last):
        """Open the items that are so many days past due."""
        self.ensure_one()
        today = self.company_id._credit_pot().today
        domain = self._open_items_domain() & OWED
        if first is None:
            domain &= ~is_late(today)
        else:
            domain &= is_late(today - relativedelta(days=first - 1))
        if last:
            domain &= ~is_late(today - relativedelta(days=last))
        return {**self.action_open_items(), "domain": list(domain)}

    def action_pay_link(self):
        """Open the payment link of the invoice that leads."""
        self.ensure_one()
        invoices = self.open_item_ids.filtered(is_owed).move_id.filtered(
            lambda move: move.is_sale_document()
        )
        if not invoices:
            raise UserError(
                self.env._("%s has no open invoice to pay.", self.partner_id.name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Link of %s", invoices[0].name),
            "res_model": "payment.link.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"active_id": invoices[0].id, "active_model": "account.move"},
        }
