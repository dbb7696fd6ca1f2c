"""Multiplies exemplars with INSERT..SELECT: what is not replaced is what Odoo wrote.

Every clone gets a block of ids per table, so a reference from row to row inside an
exemplar is plain arithmetic: first id + number of the clone * rows + place of the row.
"""

import io

from odoo.tools import SQL

from exemplars import RELATIONS

KEPT_DATES = {"create_date", "write_date"}
SCALED_FLOATS = {"price_unit", "technical_price_unit", "price_tax"}
TARGET_COLUMNS = ("seq", "partner_id", "contact_id", "name", "shift", "factor")


class Cloner:
    """Clones exemplars of ``customer`` (and its ``contact``) to other partners."""

    def __init__(self, env, customer_ids=()):
        self.env = env
        self.customer_ids = list(customer_ids)
        self.models = {model._table: model for model in env.values() if model._auto}

    def clone(self, exemplar, targets):
        """Make a clone per target ``(partner, contact, name, shift in days, factor)``.

        Return the first id of the clones in each table.
        """
        targets = list(targets)
        if not targets:
            return {}
        self._load(targets)
        first = {table: self._next_id(table) for table in exemplar.rows}
        job = _Job(self, exemplar, first)
        for table, ids in exemplar.rows.items():
            for place, row_id in enumerate(ids):
                self._insert(job, table, row_id, place)
            self._advance(table, first[table] + len(targets) * len(ids))
        for relation in RELATIONS:
            self._relate(job, *relation)
        return first

    def _load(self, targets):
        """The targets as a table; COPY, because there are hundreds of thousands."""
        cr = self.env.cr
        cr.execute("DROP TABLE IF EXISTS bench_target")
        cr.execute(
            """CREATE TEMP TABLE bench_target (seq int, partner_id int, contact_id int,
                name text, shift int, factor int)"""
        )
        rows = ("\t".join(map(str, (seq, *row))) for seq, row in enumerate(targets))
        text = io.StringIO("\n".join(rows) + "\n")
        cr._obj.copy_from(text, "bench_target", columns=TARGET_COLUMNS)
        cr.execute("ANALYZE bench_target")

    def _next_id(self, table):
        query = SQL("SELECT COALESCE(max(id), 0) + 1 FROM %s", SQL.identifier(table))
        return self.env.execute_query(query)[0][0]

    def _advance(self, table, next_id):
        sequence = f"{table}_id_seq"
        self.env.cr.execute("SELECT setval(%s, %s, false)", (sequence, next_id))

    def _insert(self, job, table, row_id, place):
        columns = self._columns(table)
        query = SQL("SELECT * FROM %s WHERE id = %s", SQL.identifier(table), row_id)
        self.env.cr.execute(query)
        row = self.env.cr.dictfetchone()
        values = [job.expression(table, name, row, place) for name in columns]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s e, bench_target c"
                " WHERE e.id = %s",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(values),
                SQL.identifier(table),
                row_id,
            )
        )

    def _columns(self, table):
        query = SQL("SELECT * FROM %s LIMIT 0", SQL.identifier(table))
        self.env.cr.execute(query)
        return [column.name for column in self.env.cr.description]

    def _relate(self, job, table, left, right):
        """Clone the links of a many2many table between rows of the exemplar."""
        identifier, left_name = SQL.identifier(table), SQL.identifier(left)
        tables = [self._target(table, column) for column in (left, right)]
        owned = job.exemplar.rows.get(tables[0], [])
        found = self.env.execute_query(
            SQL(
                "SELECT %s, %s FROM %s WHERE %s = ANY(%s)",
                left_name,
                SQL.identifier(right),
                identifier,
                left_name,
                list(owned),
            )
        )
        for pair in found:
            ids = [job.reference(*each) for each in zip(tables, pair, strict=True)]
            query = "INSERT INTO %s (%s, %s) SELECT %s, %s FROM bench_target c"
            names = (identifier, left_name, SQL.identifier(right))
            self.env.cr.execute(SQL(query, *names, *ids))

    @staticmethod
    def _target(table, column):
        """The table a column of a many2many table refers to."""
        return {
            "invoice_id": "account_move",
            "payment_id": "account_payment",
            "invoice_line_id": "account_move_line",
            "order_line_id": "sale_order_line",
        }[column]

    def field(self, table, column):
        return self.models[table]._fields.get(column)


class _Job:
    """What one exemplar's columns become in its clones."""

    def __init__(self, cloner, exemplar, first):
        self.cloner, self.exemplar, self.first = cloner, exemplar, first
        self.words = self._words()

    def _words(self):
        """``{word in the exemplar: SQL of the word in the clone}``."""
        words = {"EXEMPLAR": SQL("c.name"), "exemplar": SQL("lower(c.name)")}
        rows, env = self.exemplar.rows, self.cloner.env
        for move in env["account.move"].browse(rows.get("account_move", [])):
            if move.name and move.name != "/":
                prefix = self.prefix(move.sequence_prefix, move.date)
                new_id = self.reference("account_move", move.id)
                words[move.name] = SQL("(%s || %s)", prefix, new_id)
        for order in env["sale.order"].browse(rows.get("sale_order", [])):
            new_id = self.reference("sale_order", order.id)
            words[order.name] = SQL("('S' || %s)", new_id)
        return words

    @staticmethod
    def prefix(prefix, date):
        """The journal's prefix in the year of the clone."""
        year = SQL("to_char(%s::date + c.shift, 'YYYY')", date)
        before, _year, after = prefix.partition(str(date.year))
        return SQL("(%s || %s || %s)", before, year, after)

    def reference(self, table, row_id):
        """SQL of the clone's id of the exemplar's row ``row_id``."""
        ids = self.exemplar.rows[table]
        first = self.first[table] + ids.index(row_id)
        return SQL("(%s + c.seq * %s)", first, len(ids))

    def expression(self, table, column, row, place):
        """SQL of ``column`` in the clone of ``row``, the exemplar's ``place``-th."""
        value, own = row[column], SQL("e.%s", SQL.identifier(column))
        if column == "id":
            return self.reference(table, self.exemplar.rows[table][place])
        if value is None:
            return own
        if table == "account_move" and column in ("sequence_number", "sequence_prefix"):
            return self._sequence(column, row)
        if column == "matching_number":
            return self._matching_number(row)
        field = self.cloner.field(table, column)
        return self._by_type(field, column, value, own)

    def _sequence(self, column, row):
        if row["name"] not in self.words:
            return SQL("e.%s", SQL.identifier(column))
        if column == "sequence_number":
            return self.reference("account_move", row["id"])
        return self.prefix(row["sequence_prefix"], row["date"])

    def _matching_number(self, row):
        """As Odoo writes it: the full reconcile's id, or P and the lowest partial's."""
        if row["full_reconcile_id"]:
            id_ = self.reference("account_full_reconcile", row["full_reconcile_id"])
            return SQL("%s::text", id_)
        partial = int(row["matching_number"].removeprefix("P"))
        return SQL("('P' || %s)", self.reference("account_partial_reconcile", partial))

    def _by_type(self, field, column, value, own):
        kind = field.type if field else None
        if kind == "many2one":
            return self._many2one(field, value, own)
        if column in KEPT_DATES:
            return own
        if kind == "date":
            return SQL("%s + c.shift", own)
        if kind == "datetime":
            return SQL("%s + c.shift * interval '1 day'", own)
        if kind == "monetary" or column in SCALED_FLOATS:
            return SQL("%s * c.factor", own)
        return self._replaced(value, own) if isinstance(value, str) else own

    def _replaced(self, value, own):
        for word, new in self.words.items():
            if word in value:
                own = SQL("replace(%s, %s, %s)", own, word, new)
        return own

    def _many2one(self, field, value, own):
        table = self.cloner.env[field.comodel_name]._table
        if value in self.exemplar.rows.get(table, ()):
            return self.reference(table, value)
        if table == "res_partner" and value in self.cloner.customer_ids:
            is_contact = self.cloner.customer_ids.index(value)
            return SQL("c.contact_id") if is_contact else SQL("c.partner_id")
        return own
