from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from ...sql.hub.undone import READS, undone_items
from ...tools.access import OFFICE, require
from ...tools.statements import flush

REPORT = "credit_collections.report_open_items"


class CreditProfile(models.Model):
    """The statement of open items: printed, and attached to e-mails."""

    _inherit = "credit.profile"

    def action_print_statement(self):
        """Print the open items of these customers, a page for each."""
        self._check_may_state()
        report = self.env.ref("credit_collections.action_report_open_items")
        return report.report_action(self, config=False)

    def action_send_statement(self):
        """Open an e-mail to the customer with the statement of open items."""
        self._check_may_state()
        template = self.env.ref("credit_collections.mail_template_statement")
        return self._write_email(template)

    def _check_may_state(self):
        """Refuse whoever does not see all that the customers owe: their statement
        would leave out what they do not see."""
        self.check_access("read")
        require(
            self.env,
            self.env._("Statements are made by those who see the whole ledger."),
            *OFFICE.split(","),
        )

    def _get_statement_lines(self):
        """Return the open items of the customer by currency, oldest first.

        ``[(currency, [(item, what is open)], total)]`` for the printed statement. What
        is matched with what settles nothing is open, as in the books.
        """
        self.ensure_one()
        undone = self._read_undone()
        items = self.env["account.move.line"].search(
            self._open_items_domain()
            | (self._items_domain() & Domain("id", "in", list(undone))),
            order="date_maturity, id",
        )
        groups = defaultdict(list)
        for item in items:
            amount = item.amount_residual_currency + undone.get(item.id, 0.0)
            if not item.currency_id.is_zero(amount):
                groups[item.currency_id].append((item, amount))
        return [
            (currency, lines, sum(amount for _item, amount in lines))
            for currency, lines in groups.items()
        ]

    def _read_undone(self):
        """Return ``{item_id: amount}``, in the currency of the item, of what is booked
        and more open than Odoo says."""
        if self.partner_id.id not in self.company_id._credit_pot().undone:
            return {}
        flush(self.env, READS)
        rows = self.env.execute_query(undone_items(self.partner_id.id))
        return {item_id: float(amount) for item_id, _is_entry, amount in rows}

    def _get_statement_date(self):
        return format_date(self.env, self.company_id._credit_today())

    def _render_statements(self):
        """Return ``{profile_id: (file name, content)}``."""
        renderer = self.env["ir.actions.report"]
        files = {}
        for profile in self:
            name = f"{profile.partner_id.name} {profile._get_statement_date()}.pdf"
            content, _kind = renderer._render_qweb_pdf(REPORT, profile.ids)
            files[profile.id] = (name, content)
        return files
