from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.models import MAGIC_COLUMNS
from odoo.tools.misc import split_every

from ...engine.limit.limit_changes import CANCEL
from ...sql.limit.limit_lines import insert_lines
from .credit_limit_change import SLICE
from .credit_limit_change_check import LATER

#: Where the addon is imported from, and its name.
ROOT = __name__.partition("models.")[0]
ADDON = ROOT.split(".")[-2]

#: What lines made together may differ by without anything that follows from it.
APART = {"profile_id", "group_id", "new_limit", "note"}


class CreditLimitChange(models.Model):
    """Changes of many limits, of which some lines are in memory at a time."""

    _inherit = "credit.limit.change"

    def _add_lines(self, vals_list):
        """Add lines to a draft, however many there are.

        :param vals_list: iterable of the values of lines, without the change
        :raise ValidationError: with what is wrong with any of them
        """
        self.ensure_one()
        self.write({"line_ids": []})  # who may change it, and who did
        lines = self.env["credit.limit.change.line"]
        make = lines._insert if self._has_plain_lines() else lines.create
        newest = lines.search([("change_id", "=", self.id)], order="id desc", limit=1)
        for some in split_every(SLICE, vals_list):
            make([{"change_id": self.id, **vals} for vals in some])
            self._let_go()
        problems = self._find_problems(("draft",), LATER, after_id=newest.id or 0)
        if problems:
            raise ValidationError(lines._join_problems(problems))

    def _has_plain_lines(self):
        """Tell whether nothing but what is here has a say in new lines.

        Other addons may have fields, constraints or automation rules; and which limit a
        line ends is searched for by the model.
        """
        lines = self.env["credit.limit.change.line"]
        methods = [type(lines).create, *lines._constraint_methods]
        return (
            self.kind != CANCEL
            and all(method.__module__.startswith(ROOT) for method in methods)
            and all(
                set(field._modules) == {ADDON}
                for name, field in lines._fields.items()
                if field.store and name not in MAGIC_COLUMNS
            )
        )

    @api.model
    def _let_go(self):
        """Write what was done with a slice, and forget its records."""
        self.env.flush_all()
        self.env.invalidate_all(flush=False)

    @api.model
    def _read_slices(self, select, after_id=0):
        """Yield all rows of a statement that selects some at a time.

        :param select: function that returns the statement, of the first column of the
            last row, and of how many rows follow
        """
        while rows := self.env.execute_query(select(after_id, SLICE)):
            yield from rows
            after_id = rows[-1][0]


class CreditLimitChangeLine(models.Model):
    """Lines that are made set-wise."""

    _inherit = "credit.limit.change.line"

    @api.model
    def _get_completer(self):
        """Return a function of values of a line: the same, and those that ``create``
        would find by itself."""
        common = {}

        def complete(vals):
            shape = {name: vals[name] for name in vals if name not in APART}
            key = tuple(shape.items())
            if key not in common:
                (common[key],) = self._prepare_create_values([shape])
                common[key].pop("__precomputed__", None)
            return {**common[key], **vals}

        return complete

    @api.model
    def _insert(self, vals_list):
        """Make lines as ``create`` does, and keep none of them in memory.

        What is wrong with them is for the caller to find.
        """
        vals_list = list(map(self._get_completer(), vals_list))
        names = {name for vals in vals_list for name in vals}
        columns = sorted(name for name in names if self._fields[name].column_type)
        rows = [
            tuple(
                self._fields[name].convert_to_column_insert(vals.get(name), self, vals)
                for name in columns
            )
            for vals in vals_list
        ]
        made = self.env.execute_query(insert_lines(columns, rows))
        lines = self.browse(line_id for (line_id,) in made)
        with self.env.protecting([self._fields[name] for name in columns], lines):
            lines.modified(self._fields, create=True)
        lines.check_access("create")
