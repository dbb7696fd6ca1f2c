"""The dump of a landed state: what its addons added to core, to be loaded over core.

Ids differ from one database of core to the next. So rows of the dump get new ones, and
whatever refers to them follows; rows of core are found by their XML ids.
"""

import json
import lzma
import re
from pathlib import Path

DUMP = Path(__file__).with_name("landed.json.xz")
MODULES = (
    "credit_collections",
    "credit_collections_stock",
    "credit_collections_website_sale",
)
#: Tables of actions share one sequence of ids.
ACTIONS = {
    "ir.actions.act_window": "ir_act_window",
    "ir.actions.client": "ir_act_client",
    "ir.actions.report": "ir_act_report_xml",
    "ir.actions.server": "ir_act_server",
    "ir.actions.act_url": "ir_act_url",
}
OTHER_NAMES = {"ir.actions.act_window.view": "ir_act_window_view"}
#: References without foreign key. ``{table: {column of the id: column of the model}}``
REFERENCES = {
    "credit_approval": {"res_id": "res_model"},
    "ir_model_data": {"res_id": "model"},
    "mail_activity": {"res_id": "res_model"},
}
#: Columns that refer to an action of any kind, and the like, without foreign key.
PLAIN = {"ir_filters": {"action_id": "ir_actions"}}
#: An action that a button of a view calls, by its id.
BUTTON = re.compile(r'(?<=name=\\")\d+(?=\\")|(?<=name=")\d+(?=")')


def read():
    return json.loads(lzma.decompress(DUMP.read_bytes()))


def table_of(model):
    return ACTIONS.get(model) or OTHER_NAMES.get(model) or model.replace(".", "_")


def family(table):
    """Tables of one family never have the same id twice."""
    return "ir_actions" if table in ACTIONS.values() else table


def load(cr, dump):
    """Bring a database of core to the landed state.

    :param cr: cursor of a superuser of PostgreSQL
    :return: what puts the ids of this database into rows of the dump
    """
    cr.execute(dump["before"])
    ids = _find_core(cr, dump["core"])
    for table, rows in dump["rows"].items():
        if rows and "id" in rows[0]:
            numbers = ids.setdefault(family(table), {})
            new = _new_ids(cr, table, len(rows))
            numbers.update(zip((row["id"] for row in rows), new, strict=True))
    translate = Translator(ids, dump["links"])
    # keys are checked at the end, when the constraints come
    cr.execute("SET LOCAL session_replication_role = replica")
    for table, rows in dump["rows"].items():
        _insert(cr, table, [translate.row(table, row) for row in rows])
    for table, rows in dump["changes"].items():
        _update(cr, table, [translate.row(table, row) for row in rows])
    for sequence_id, value in dump["sequences"].items():
        name = f"ir_sequence_{ids['ir_sequence'][int(sequence_id)]:03d}"
        cr.execute(f"CREATE SEQUENCE {name} START {value}")
    cr.execute("SET LOCAL session_replication_role = DEFAULT")
    cr.execute(dump["after"])
    cr.execute(
        """UPDATE ir_module_module SET state = 'installed', latest_version = now.version
             FROM jsonb_each_text(%s) AS now(name, version)
            WHERE ir_module_module.name = now.name""",
        [json.dumps(dump["versions"])],
    )
    assert cr.rowcount == len(MODULES), "core does not know the addons"
    return translate


def _find_core(cr, core):
    """Return ``{family: {id in the dump: id here}}`` of rows that core has."""
    cr.execute("SELECT module || '.' || name, res_id FROM ir_model_data")
    known = dict(cr.fetchall())
    return {
        name: {int(old): known[xmlid] for old, xmlid in found.items()}
        for name, found in core.items()
    }


def _new_ids(cr, table, count):
    cr.execute(
        """SELECT column_default FROM information_schema.columns
            WHERE table_name = %s AND column_name = 'id' AND table_schema = 'public'""",
        [table],
    )
    default = cr.fetchone()[0]
    cr.execute(f"SELECT {default} FROM generate_series(1, %s)", [count])
    return [row[0] for row in cr.fetchall()]


class Translator:
    """Puts the ids of this database into rows of the dump."""

    def __init__(self, ids, links):
        self.ids = ids
        self.links = links  # {table: {column: family it refers to}}

    def row(self, table, row):
        row = dict(row)
        for column, target in REFERENCES.get(table, {}).items():
            row[column] = self._id(family(table_of(row[target])), row[column])
        for column, target in self.links.get(table, {}).items():
            if row.get(column) is not None:
                row[column] = self._id(target, row[column])
        if "parent_path" in row:
            parts = row["parent_path"].strip("/").split("/")
            parts = [str(self._id(table, int(part))) for part in parts]
            row["parent_path"] = "/".join([*parts, ""])
        if table == "ir_ui_menu" and row.get("action"):
            model, _, number = row["action"].partition(",")
            row["action"] = f"{model},{self._id('ir_actions', int(number))}"
        if table == "ir_ui_view":
            row["arch_db"] = json.loads(
                BUTTON.sub(self._button, json.dumps(row["arch_db"]))
            )
        if "id" in row:
            row["id"] = self._id(family(table), row["id"])
        return row

    def _id(self, target, number):
        return self.ids[target][number]

    def _button(self, match):
        return str(self._id("ir_actions", int(match[0])))


def _insert(cr, table, rows):
    columns = sorted({f'"{column}"' for row in rows for column in row})
    names = ", ".join(columns)
    cr.execute(
        f"""INSERT INTO "{table}" ({names}) SELECT {names}
              FROM jsonb_populate_recordset(NULL::"{table}", %s)""",
        [json.dumps(rows)],
    )


def _update(cr, table, rows):
    columns = {column for row in rows for column in row} - {"id"}
    values = ", ".join(f'"{column}" = now."{column}"' for column in sorted(columns))
    cr.execute(
        f"""UPDATE "{table}" SET {values}
              FROM jsonb_populate_recordset(NULL::"{table}", %s) AS now
             WHERE "{table}".id = now.id""",
        [json.dumps(rows)],
    )
