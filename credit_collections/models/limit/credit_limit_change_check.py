from functools import partial

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from ...engine.limit import limit_changes
from ...sql.limit.limit_change import overlaps
from ...sql.limit.limit_lines import READS, proposals
from ...tools.statements import flush
from .credit_limit_change import PROPOSED

#: Problems that a draft may still have; they count from its submission on.
LATER = {"no_start", "no_end", "over"}

#: So many problems are told at once; nobody reads more of them in a dialog.
SHOWN = 20


class CreditLimitChangeLine(models.Model):
    """What must not be proposed, told in the words of the user."""

    _inherit = "credit.limit.change.line"

    @api.constrains(
        "kind",
        "profile_id",
        "group_id",
        "temporary_id",
        "new_policy",
        "new_limit",
        "date_from",
        "date_to",
    )
    def _check_line(self):
        found = []
        for company, lines in self.grouped("company_id").items():
            judge = self._get_judge(company, LATER)
            found += [
                partial(line._describe_problem, code)
                for line in lines
                for code in judge(line._get_proposal())
            ]
        if found:
            raise ValidationError(self._join_problems(found))

    @api.model
    def _get_judge(self, company, besides=()):
        """Return a function of a proposal: the codes of what is wrong with it.

        :param besides: codes of problems that don't count yet
        """
        today = company._credit_today()
        # a parameter of the policy, for whoever may propose limits
        maximum = company.sudo().credit_limit_maximum

        def judge(proposal):
            codes = limit_changes.problems(proposal, today, maximum)
            return [code for code in codes if code not in besides]

        return judge

    def _get_proposal(self):
        return limit_changes.Line(
            kind=self.kind,
            policy=self.new_policy,
            limit=self.new_limit,
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            has_profile=bool(self.profile_id),
            has_group=bool(self.group_id),
            ends_line=bool(self.temporary_id),
            is_elsewhere=bool(self.profile_id)
            and self.profile_id.company_id != self.company_id,
        )

    def _describe_problem(self, code):
        """Return a sentence about a problem; see :mod:`..engine.limit_changes`."""
        name = self.profile_id.display_name or self.group_id.display_name or ""
        amount = formatLang(self.env, self.new_limit, currency_obj=self.currency_id)
        texts = {
            "two_targets": self.env._(
                "%s: a line is for a customer or for a credit group, never for both. "
                "Limits of groups change with “Group limit”.",
                name,
            ),
            "no_group": self.env._(
                "A change of kind “Group limit” needs a credit group on every line."
            ),
            "no_customer": self.env._("A line has no customer."),
            "nothing_to_cancel": self.env._(
                "%s has no temporary limit in force or to come to be cancelled.",
                name,
            ),
            "group_policy": self.env._(
                "%s: credit groups have an amount as their limit.", name
            ),
            "temporary_policy": self.env._(
                "%s: a temporary limit is an amount, 0 for no credit. To go back to "
                "the customer's own limit, cancel the temporary one.",
                name,
            ),
            "group_target": self.env._(
                "%s is a credit group: its limit changes with “Group limit”.", name
            ),
            "negative": self.env._(
                "%(name)s: %(amount)s is negative. Choose “No credit” to give none.",
                name=name,
                amount=amount,
            ),
            "absurd": self.env._(
                "%(name)s: %(amount)s is no credit limit. Is that a number from "
                "another column?",
                name=name,
                amount=amount,
            ),
            "above_maximum": self.env._(
                "%(name)s: %(amount)s is above the highest limit that the company "
                "gives, %(maximum)s.",
                name=name,
                amount=amount,
                maximum=self._get_maximum_label(),
            ),
            "no_start": self.env._("%s: the first day is missing.", name),
            "no_end": self.env._(
                "%s: the last day is missing. Every limit expires.", name
            ),
            "reversed": self.env._(
                "%(name)s: the last day %(until)s is before the first day %(start)s.",
                name=name,
                until=format_date(self.env, self.date_to),
                start=format_date(self.env, self.date_from),
            ),
            "over": self.env._(
                "%(name)s: the last day %(until)s is over already.",
                name=name,
                until=format_date(self.env, self.date_to),
            ),
            "other_company": self.env._("%s: is a customer of another company.", name),
        }
        return texts[code]

    def _describe_overlap(self, other):
        return self.env._(
            "%(name)s: the days share some with the temporary limit %(other)s of "
            "%(change)s. Cancel that one first, or choose other days.",
            name=(self.profile_id or self.group_id).display_name,
            other=other.display_name,
            change=other.change_id.name,
        )

    def _describe_currency(self):
        return self.env._(
            "%(name)s: its limit is in %(currency)s, which has no exchange rate "
            "yet. Enter one first.",
            name=self.group_id.display_name,
            currency=self.currency_id.name,
        )

    def _get_maximum_label(self):
        company_sudo = self.company_id.sudo()  # a parameter of the policy
        return formatLang(
            self.env,
            company_sudo.credit_limit_maximum,
            currency_obj=company_sudo.currency_id,
        )

    def _join_problems(self, problems):
        """Return text about the first problems, and how many more there are.

        :param problems: functions, each of which tells one in the words of the user
        """
        shown = [tell() for tell in problems[:SHOWN]]
        if len(problems) > SHOWN:
            shown.append(self.env._("… and %s more", len(problems) - SHOWN))
        return "\n".join(shown)


class CreditLimitChange(models.Model):
    """A change is looked at as a whole when it is submitted, and when it is posted."""

    _inherit = "credit.limit.change"

    def _check_proposals(self):
        """Refuse a change that can't be posted, with all that is wrong with it."""
        lines = self.env["credit.limit.change.line"]
        proposed = Domain("change_id", "in", self.ids) & Domain("state", "in", PROPOSED)
        filled = {change for (change,) in lines._read_group(proposed, ["change_id"])}
        for change in self:
            if change not in filled:
                raise UserError(self.env._("%s has no lines.", change.name))
        problems = self._find_problems(PROPOSED)
        problems += self._get_currency_problems(proposed)
        problems += self._get_overlap_problems()
        problems += self._get_schedule_problems(PROPOSED)
        if problems:
            raise UserError(lines._join_problems(problems))

    def _check_acts_for_all(self):
        """Refuse to decide for some companies alone on limits that more share."""
        lines = self.env["credit.limit.change.line"]
        shared = Domain("change_id", "in", self.ids) & Domain("group_id", "!=", False)
        for (group,) in lines._read_group(shared, ["group_id"]):
            group._check_acts_for_all()

    def _find_problems(self, states, besides=(), after_id=0):
        """Return what is wrong with the lines in one of the states, each by itself.

        :param besides: codes of problems that don't count yet
        :param after_id: only lines that are newer than this one
        :return: for :meth:`_join_problems`
        """
        flush(self.env, READS)
        lines = self.env["credit.limit.change.line"]
        found = []
        for change in self:
            judge = lines._get_judge(change.company_id, besides)
            select = partial(proposals, change.id, states)
            found += [
                partial(lines.browse(line_id)._describe_problem, code)
                for line_id, *proposal in change._read_slices(select, after_id)
                for code in judge(limit_changes.Line(*proposal))
            ]
        return found

    def _get_overlap_problems(self):
        self.env["credit.limit.change.line"].flush_model()
        # temporary limits of the same customers, whoever wrote them
        lines_sudo = self.env["credit.limit.change.line"].sudo()
        return [
            partial(lines_sudo.browse(one)._describe_overlap, lines_sudo.browse(two))
            for one, two in self.env.execute_query(overlaps(self.ids, SHOWN))
        ]

    def _get_currency_problems(self, proposed):
        """Amounts in a currency without a rate can't be compared with anything.

        :param proposed: domain of the lines
        """
        lines = self.env["credit.limit.change.line"]
        shared = lines._read_group(
            proposed & Domain("group_id", "!=", False),
            ["company_id", "group_id"],
            ["id:recordset"],
        )
        has_rate = {
            (company, currency): company._credit_has_rate(currency)
            for company, currency in {
                (company, group.currency_id) for company, group, _lines in shared
            }
        }
        return [
            line._describe_currency
            for company, group, found in shared
            if not has_rate[company, group.currency_id]
            for line in found
        ]
