import base64
import csv
import io

from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.limit.limit_import import MissingColumnError, Style, read_rows

#: More rows than that are no list of limits, but a mistake that takes the memory.
MOST_ROWS = 100000

#: So many problems are listed; who has more looks at the file anyway.
SHOWN = 100


class CreditLimitImport(models.TransientModel):
    """Fill a limit change from a spreadsheet: all of it, or nothing and why."""

    _name = "credit.limit.import"
    _description = "Import Lines of a Limit Change"

    change_id = fields.Many2one(
        "credit.limit.change", required=True, ondelete="cascade"
    )
    file = fields.Binary(required=True, attachment=False)
    file_name = fields.Char()
    problems = fields.Text(readonly=True)
    problem_count = fields.Integer(readonly=True)

    def action_import(self):
        """Add the lines, or show everything that keeps the file from being imported."""
        self.ensure_one()
        self.change_id._check_is_draft()
        rows = self._read_rows()
        vals_list, problems = self.change_id._prepare_imported_lines(rows)
        if not vals_list and not problems:
            raise UserError(self.env._("The file has titles, but no rows."))
        if problems:
            shown = problems[:SHOWN]
            if len(problems) > SHOWN:
                shown.append(self.env._("… and %s more", len(problems) - SHOWN))
            self.write({"problems": "\n".join(shown), "problem_count": len(problems)})
            return self._reopen()
        self.change_id._add_lines(vals_list)
        return {"type": "ir.actions.act_window_close"}

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Limits"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === READING === #

    def _read_rows(self):
        table = self._read_table(base64.b64decode(self.file))
        titles = {
            "name": {self.env._("Customer"), self.env._("Credit Group")},
            "ref": {self.env._("Reference")},
            "vat": {self.env._("Tax ID")},
            "limit": {self.env._("Limit"), self.env._("New Limit")},
            "date_from": {self.env._("From")},
            "date_to": {self.env._("Until")},
            "currency": {self.env._("Currency")},
            "note": {self.env._("Note")},
        }
        lowered = {
            name: {word.lower() for word in words} for name, words in titles.items()
        }
        try:
            return read_rows(table, self._get_style(), lowered)
        except MissingColumnError as error:
            if error.name == "limit":
                message = self.env._("The first row has no column “Limit”.")
            else:
                message = self.env._(
                    "The first row has none of the columns “Customer”, “Reference” and "
                    "“VAT”, so nobody knows who gets the limits."
                )
            raise UserError(message) from error

    def _read_table(self, content):
        name = (self.file_name or "").lower()
        if name.endswith((".xls", ".ods")):
            raise UserError(
                self.env._("Save the spreadsheet as .xlsx or .csv, and import that.")
            )
        if content[:2] == b"PK":
            return self._read_xlsx(content)
        return self._read_csv(content)

    def _read_xlsx(self, content):
        try:
            from openpyxl import load_workbook
        except ImportError as error:
            raise UserError(
                self.env._("Spreadsheets can't be read on this server; save as .csv.")
            ) from error
        try:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            return self._take(sheet.iter_rows(values_only=True))
        except UserError:
            raise
        except Exception as error:  # openpyxl fails in all ways
            raise UserError(
                self.env._("This is no spreadsheet that can be read: %s", error)
            ) from error

    def _read_csv(self, content):
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
        head = text.partition("\n")[0]
        separator = max(";,\t", key=head.count)
        reader = csv.reader(io.StringIO(text), delimiter=separator)
        try:
            return self._take(reader)
        except csv.Error as error:
            raise UserError(self.env._("The file can't be read: %s", error)) from error

    def _take(self, rows):
        table = []
        for row in rows:
            table.append(list(row))
            if len(table) > MOST_ROWS:
                raise UserError(
                    self.env._("The file has more than %s rows.", MOST_ROWS)
                )
        return table

    def _get_style(self):
        """Return how the user writes numbers and days."""
        lang = self.env["res.lang"]._get_data(
            code=self.env.context.get("lang") or self.env.user.lang
        )
        return Style(
            decimal_point=lang.decimal_point or ".",
            thousands=lang.thousands_sep or "",
            date_formats=(lang.date_format,) if lang.date_format else (),
        )
