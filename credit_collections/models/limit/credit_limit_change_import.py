from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import split_every

from ...engine.limit.limit_changes import Line
from .credit_limit_change import SLICE

#: What a row need not say: the change finds it by itself.
OPTIONAL = {"no_start", "no_end"}


class CreditLimitChange(models.Model):
    """Lines from a table: whom the rows are about, and everything wrong with them."""

    _inherit = "credit.limit.change"

    def _prepare_imported_lines(self, rows):
        """Return the values of lines, and sentences about all rows that can't be.

        :param rows: iterable, see :func:`~..engine.limit_import.read_rows`
        """
        self.ensure_one()
        found, problems, seen = [], [], {}
        for some in split_every(SLICE, rows):
            for row, vals, told in self._read_imported(some, seen):
                if vals:
                    found.append(vals)
                problems += [
                    self.env._("Row %(row)s: %(text)s", row=row.number, text=text)
                    for text in told
                ]
            self._let_go()
        return found, problems

    def _read_imported(self, rows, seen):
        """Yield ``(row, values, what is wrong)``, without values where the row can't
        be understood.

        :param seen: ``{id of a customer or group: row}``, which is filled
        """
        lines = self.env["credit.limit.change.line"]
        judge = lines._get_judge(self.company_id, OPTIONAL)
        complete = lines._get_completer()
        targets = self._get_imported_targets(rows)
        currencies = self._get_imported_currencies(rows)
        for row in rows:
            told = [self._describe_row_problem(row, code) for code in row.problems]
            target, trouble = self._get_imported_target(row, targets)
            currency, currency_trouble = self._get_imported_currency(row, currencies)
            told += [text for text in (trouble, currency_trouble) if text]
            if (
                target
                and self.kind != "temporary"
                and seen.setdefault(target.id, row.number) != row.number
            ):
                told.append(
                    self.env._(
                        "%(name)s is in row %(other)s already",
                        name=target.display_name,
                        other=seen[target.id],
                    )
                )
            vals = {}
            if not told:
                vals = self._prepare_imported_line(row, target, currency)
                if judge(self._get_imported_proposal(complete(vals))):
                    line = lines.new(vals)
                    codes = judge(line._get_proposal())
                    told = [line._describe_problem(code) for code in codes]
            yield row, vals, told

    def _get_imported_proposal(self, vals):
        return Line(
            kind=self.kind,
            policy=vals["new_policy"],
            limit=vals["new_limit"],
            date_from=vals["date_from"] or None,
            date_to=vals["date_to"] or None,
            has_profile=bool(vals.get("profile_id")),
            has_group=bool(vals.get("group_id")),
            ends_line=bool(vals["temporary_id"]),
        )

    def _prepare_imported_line(self, row, target, currency):
        values = row.values
        amount = values["limit"]
        own = target.currency_id
        if currency and currency != own:
            today = self.company_id._credit_today()
            # the rates of the company, whatever the user may open
            amount = currency._convert(amount, own, self.company_id.sudo(), today)
        vals = {
            "change_id": self.id,
            "group_id" if self.kind == "group" else "profile_id": target.id,
            "new_policy": values["policy"],
            "new_limit": own.round(amount),
            "note": values["note"],
        }
        vals |= {
            name: values[name] for name in ("date_from", "date_to") if values[name]
        }
        return vals

    def _describe_row_problem(self, row, code):
        texts = {
            "no_customer": self.env._("the customer is missing"),
            "bad_limit": self.env._(
                "the limit is no number, and neither “unlimited”, “no credit” nor "
                "“default”"
            ),
            "bad_date_from": self.env._("the first day is no date"),
            "bad_date_to": self.env._("the last day is no date"),
        }
        return texts[code]

    # === WHOM === #

    def _get_imported_target(self, row, targets):
        """Return the customer or group of a row, or why there is none."""
        key = self._get_key(row)
        if not key:
            return None, None
        name = row.values[key[0]]
        found = targets.get(key, [])
        if not found:
            return None, self.env._("nobody is known as “%s”", name)
        if len(found) > 1:
            return None, self.env._(
                "%(count)s customers are known as “%(name)s”: give the reference",
                count=len(found),
                name=name,
            )
        return found[0], None

    @api.model
    def _get_key(self, row):
        """Return ``(column, text)`` by which a row names somebody, the surest first."""
        for name in ("ref", "vat", "name"):
            if row.values[name]:
                return name, row.values[name].casefold()
        return None

    def _get_imported_targets(self, rows):
        """Return ``{(column, text): [records]}`` of all whom the rows name."""
        texts = defaultdict(set)
        for row in rows:
            key = self._get_key(row)
            if key:
                texts[key[0]].add(row.values[key[0]])
        if self.kind == "group":
            groups = self.env["credit.group"].search(
                [("name", "in", list(set().union(*texts.values())))]
            )
            return self._index(("name", group.name, group) for group in groups)
        partners = self._find_partners(texts)
        profiles = self.env["credit.profile"]._ensure(
            self.company_id, partners.commercial_partner_id.ids
        )
        profiles.fetch(["currency_id", "partner_id"])
        by_partner = {profile.partner_id: profile for profile in profiles}
        return self._index(
            (column, partner[field], by_partner[partner.commercial_partner_id])
            for partner in partners
            for column, field in (
                ("ref", "ref"),
                ("vat", "vat"),
                ("name", "name"),
                ("name", "ref"),
            )
            if partner[field]
        )

    def _find_partners(self, texts):
        """Return the partners with one of the references, tax ids or names."""
        names = [*texts["name"]]
        domain = Domain.OR(
            [
                Domain("ref", "in", [*texts["ref"], *names]),
                Domain("vat", "in", [*texts["vat"]]),
                Domain("name", "in", names),
            ]
        )
        company = Domain("company_id", "in", (False, *self._get_company_ids()))
        names = ["commercial_partner_id", "name", "ref", "vat"]
        return self.env["res.partner"].search_fetch(domain & company, names)

    def _get_company_ids(self):
        return self.company_id._credit_branch_ids(self.company_id.id)

    @api.model
    def _index(self, entries):
        found = defaultdict(list)
        for column, text, record in entries:
            known = found[column, text.casefold()]
            if record not in known:
                known.append(record)
        return found

    # === CURRENCIES === #

    def _get_imported_currencies(self, rows):
        """Return ``{name: (currency, whether it has a rate)}``."""
        names = {row.values["currency"].upper() for row in rows}
        found = self.env["res.currency"].search([("name", "in", list(names - {""}))])
        return {
            currency.name: (currency, self.company_id._credit_has_rate(currency))
            for currency in found
        }

    def _get_imported_currency(self, row, currencies):
        """Return the currency of a row, or why it can't be used."""
        name = row.values["currency"].upper()
        if not name:
            return None, None
        currency, has_rate = currencies.get(name, (None, False))
        if not currency:
            return None, self.env._(
                "the currency “%s” is not known or not active", name
            )
        if not has_rate:
            return None, self.env._(
                "the currency %s has no exchange rate yet; enter one first", name
            )
        return currency, None
