from odoo import models
from odoo.tools import format_date

from ...tools.access import OFFICE, require

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

        ``[(currency, items, total)]`` for the printed statement.
        """
        self.ensure_one()
        items = self.env["account.move.line"].search(
            self._open_items_domain(), order="date_maturity, id"
        )
        return [
            (currency, lines, sum(lines.mapped("amount_residual_currency")))
            for currency, lines in items.grouped("currency_id").items()
        ]

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
