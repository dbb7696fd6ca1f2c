"""Make the dump of a landed state anew, from the code that git has of it.

    eval "$(./cc env)" && python tests/upgrade/make_landed.py [COMMIT]

Installs the addons of that commit over core, tells the story, and writes down what is
in the database that was not there before.
"""

import io
import json
import lzma
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from pathlib import Path

import psycopg2

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path[:0] = [str(TOP), str(HERE)]

import landed  # noqa: E402

from dev import cluster, database, odoo_cli, place, say, testing  # noqa: E402

NAME = "landed"
#: Chatter, files and what every user gets: nothing of ours stands on them.
LEFT_OUT = re.compile(
    r"bus_bus|mail_(mail|message|notification|followers|tracking).*|discuss_.*"
    r"|res_users_settings|ir_attachment|ir_actions_server_history|project_.*|orm_.*"
    r"|digest_.*|ir_cron_trigger|product_value|ir_module_module.*"
)
STORY = f"import sys; sys.path.insert(0, {str(HERE)!r}); import story; story.tell(env)"
ROWS = 'SELECT jsonb_strip_nulls(to_jsonb(r)) FROM ONLY "{}" r'
#: What pg_dump writes beside statements.
NOISE = re.compile(r"(?m)^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\.*)?\n")


def main():
    default = (TOP / "benchmarks" / "BASELINE").read_text().strip()
    commit = sys.argv[1] if len(sys.argv) > 1 else default
    setup = odoo_cli.prepare()
    database.create(NAME, template=testing._template(setup))
    try:
        with connect() as connection:
            before = Snapshot(connection.cursor())
        with tempfile.TemporaryDirectory() as folder:
            install(setup, commit, Path(folder))
        with connect() as connection:
            dump = Difference(connection.cursor(), before).dump()
    finally:
        database.drop(NAME)
    dump["commit"] = commit
    text = json.dumps(dump, sort_keys=True, separators=(",", ":"))
    landed.DUMP.write_bytes(
        lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)
    )
    say.step(f"{landed.DUMP.name}: {landed.DUMP.stat().st_size} bytes")


def connect():
    return psycopg2.connect(
        host=cluster.folder(), port=cluster.PORT, user=cluster.USER, dbname=NAME
    )


def install(setup, commit, folder):
    """Install the addons of the commit and tell the story, with the code of then."""
    archive = subprocess.check_output(
        ["git", "-C", TOP, "archive", commit, *landed.MODULES]
    )
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder)
    config = folder / "odoo.conf"
    text = setup.config.read_text()
    config.write_text(
        re.sub(rf"(?<=,){re.escape(str(place.TOP))}(?=,)", str(folder), text)
    )
    program = [setup.venv / "bin/python", setup.venv / "bin/odoo"]
    options = ["-c", config, "-d", NAME, "--no-http", "--log-level=warn"]
    modules = ",".join(landed.MODULES)
    words = ["-i", modules, "--stop-after-init"]
    environment = setup.environment()
    subprocess.run([*program, *options, *words], check=True, env=environment)
    shell = [*program, "shell", *options]
    subprocess.run(shell, input=STORY.encode(), check=True, env=environment)


class Snapshot:
    """What is in a database: tables, columns, rows, constraints, indexes."""

    def __init__(self, cr):
        self.cr = cr
        self.columns = defaultdict(list)
        for table, column in self.select(
            """SELECT c.relname, a.attname
                 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
                  AND a.attnum > 0 AND NOT a.attisdropped
                ORDER BY 1, a.attnum"""
        ):
            self.columns[table].append(column)
        self.rows = {table: self._rows(table) for table in self.columns}
        self.constraints = dict(
            self.select(
                """SELECT (conrelid::regclass, conname)::text,
                          format('ALTER TABLE %s ADD CONSTRAINT %I %s;',
                                 conrelid::regclass, conname, pg_get_constraintdef(oid))
                     FROM pg_constraint
                    WHERE conrelid <> 0 AND connamespace = 'public'::regnamespace"""
            )
        )
        self.indexes = dict(
            self.select(
                """SELECT indexname, indexdef || ';' FROM pg_indexes
                    WHERE schemaname = 'public'"""
            )
        )

    def select(self, statement, *values):
        self.cr.execute(statement, values or None)
        return self.cr.fetchall()

    def _rows(self, table):
        """Return ids, or the rows themselves of tables that have none."""
        if "id" in self.columns[table]:
            return {row[0] for row in self.select(f'SELECT id FROM ONLY "{table}"')}
        return {key(row) for (row,) in self.select(ROWS.format(table))}


class Difference(Snapshot):
    """What came into a database since a snapshot of it."""

    def __init__(self, cr, before):
        super().__init__(cr)
        self.before = before
        self.new_tables = sorted(set(self.columns) - set(before.columns))
        self.links = self._links()
        self.new = self._new_rows()
        self.new_ids = {}
        self.core = defaultdict(dict)
        self.xmlids = {
            (landed.family(landed.table_of(model)), number): name
            for model, number, name in self.select(
                """SELECT model, res_id, module || '.' || name FROM ir_model_data
                    WHERE module <> ALL(%s) ORDER BY id DESC""",
                list(landed.MODULES),
            )
        }
        self.lost = defaultdict(int)

    def dump(self):
        rows = {
            table: kept
            for table, found in self.new.items()
            if (kept := [row for row in found if self._refer(table, row)])
        }
        changes = self._changes()
        for (table, column), count in sorted(self.lost.items()):
            say.step(f"left out: {count} references of {table}.{column}")
        return {
            "rows": rows,
            "changes": changes,
            "core": self.core,
            "links": self.links,
            "before": "".join([self._tables("pre-data"), *self._added_columns()]),
            "after": "".join([self._tables("post-data"), *self._added_rules()]),
            "sequences": self._sequences(rows),
            "versions": dict(
                self.select(
                    """SELECT name, latest_version FROM ir_module_module
                        WHERE name = ANY(%s)""",
                    list(landed.MODULES),
                )
            ),
        }

    # === ROWS === #

    def _links(self):
        """Return ``{table: {column: family it refers to}}``."""
        links = defaultdict(dict, {k: dict(v) for k, v in landed.PLAIN.items()})
        for table, column, target in self.select(
            """SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text
                 FROM pg_constraint c
                 JOIN pg_attribute a
                   ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                WHERE c.contype = 'f'"""
        ):
            links[table.strip('"')][column] = landed.family(target.strip('"'))
        return links

    def _new_rows(self):
        found = {}
        for table in self.columns:
            if LEFT_OUT.fullmatch(table):
                continue
            known = self.before.rows.get(table, set())
            if not self.rows[table] - known:
                continue
            new = [row for (row,) in self.select(ROWS.format(table))]
            if "id" in self.columns[table]:
                new = [row for row in new if row["id"] not in known]
                new.sort(key=lambda row: row["id"])
            else:
                new = [row for row in new if key(row) not in known]
            if new:
                found[table] = new
        return found

    def _changes(self):
        """Return our columns of core's rows."""
        changes = {}
        for table, ours in self._our_columns().items():
            if table in self.new_tables or LEFT_OUT.fullmatch(table):
                continue
            rows = [
                {name: row[name] for name in ("id", *ours) if name in row}
                for (row,) in self.select(ROWS.format(table))
                if row["id"] in self.before.rows[table]
            ]
            rows = [row for row in rows if len(row) > 1 and self._refer(table, row)]
            rows = [
                row for row in rows if self._is_known(landed.family(table), row["id"])
            ]
            if rows:
                changes[table] = rows
        return changes

    def _our_columns(self):
        return {
            table: new
            for table, names in self.columns.items()
            if (
                new := [n for n in names if n not in self.before.columns.get(table, [])]
            )
        }

    def _refer(self, table, row):
        """Note which rows of core a row refers to; return whether it can be kept."""
        for column, target in landed.REFERENCES.get(table, {}).items():
            target = landed.family(landed.table_of(row[target]))
            if not self._is_known(target, row[column]):
                self.lost[table, column] += 1
                return False
        for column, target in self.links.get(table, {}).items():
            if column in row and not self._is_known(target, row[column]):
                self.lost[table, column] += 1
                if "id" not in self.columns[table]:
                    return False
                del row[column]
        for number in self._in_text(table, row):
            assert self._is_known("ir_actions", number), row
        for number in row.get("parent_path", "").split("/")[:-1]:
            assert self._is_known(table, int(number)), row
        return True

    def _in_text(self, table, row):
        if table == "ir_ui_menu" and row.get("action"):
            yield int(row["action"].partition(",")[2])
        if table == "ir_ui_view":
            yield from map(int, landed.BUTTON.findall(json.dumps(row["arch_db"])))

    def _is_known(self, target, number):
        members = landed.ACTIONS.values() if target == "ir_actions" else [target]
        if any(number in self._new_ids(member) for member in members):
            return True
        if name := self.xmlids.get((target, number)):
            self.core[target][number] = name
        return bool(name)

    def _new_ids(self, table):
        if table not in self.new_ids:
            rows = self.new.get(table, ())
            self.new_ids[table] = {row.get("id") for row in rows}
        return self.new_ids[table]

    def _sequences(self, rows):
        """Return ``{id: next number}`` of what counts in a sequence of PostgreSQL."""
        return {
            row["id"]: self.select(
                f"SELECT last_value + is_called::int FROM ir_sequence_{row['id']:03d}"
            )[0][0]
            for row in rows["ir_sequence"]
            if row["implementation"] == "standard"
        }

    # === STRUCTURE === #

    def _tables(self, section):
        words = ["-O", "-x", f"--section={section}", "-h", cluster.folder()]
        words += ["-U", cluster.USER, "-p", cluster.PORT]
        words += [f"--table=public.{table}" for table in self.new_tables]
        command = [cluster.programs() / "pg_dump", *words, NAME]
        text = subprocess.check_output([str(word) for word in command], text=True)
        return NOISE.sub("", text)

    def _added_columns(self):
        for table, names in self._our_columns().items():
            if table not in self.new_tables:
                for name in names:
                    [(kind,)] = self.select(
                        """SELECT format_type(atttypid, atttypmod) FROM pg_attribute
                            WHERE attrelid = %s::regclass AND attname = %s""",
                        table,
                        name,
                    )
                    yield f'ALTER TABLE "{table}" ADD COLUMN "{name}" {kind};\n'

    def _added_rules(self):
        """Return constraints and indexes on tables of core."""
        for names, old in (
            (self.constraints, self.before.constraints),
            (self.indexes, self.before.indexes),
        ):
            for name in sorted(set(names) - set(old)):
                table = re.search(
                    r"(?:ALTER TABLE| ON) (?:public\.)?(\w+)", names[name]
                )
                if table[1] not in self.new_tables:
                    yield names[name] + "\n"


def key(row):
    return json.dumps(row, sort_keys=True)


if __name__ == "__main__":
    main()
