"""Databases of the private cluster: copy, rename, drop, and a note on each of them."""

import json
import re
import shutil
import subprocess

from . import cluster, place, say


def sql(statement, database="postgres", **values):
    """Run ``statement`` in psql, its values as :'name', and return what it prints."""
    command = [cluster.programs() / "psql", "-h", cluster.folder(), "-U", cluster.USER]
    command += ["-p", cluster.PORT, "-d", database, "-AtqX", "-v", "ON_ERROR_STOP=1"]
    command += [f"-v{name}={value}" for name, value in values.items()]
    words = [str(word) for word in command]
    result = subprocess.run(words, input=statement, capture_output=True, text=True)
    if result.returncode:
        raise say.Failure(f"PostgreSQL refused: {result.stderr.strip()}")
    return result.stdout.strip()


def checked(name):
    """Names go into statements as they are, so only harmless ones may pass."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,50}", name):
        raise say.Failure(
            f"{name!r} is no name for a database here: use small letters, digits and _."
        )
    return name


def names():
    return sql("SELECT datname FROM pg_database").splitlines()


def create(name, template="template0"):
    """Create ``name`` anew, a copy of ``template`` with the files that belong to it."""
    drop(name)
    sql(f"CREATE DATABASE {checked(name)} TEMPLATE {checked(template)}")
    if filestore(template).exists():
        # hard links: Odoo never changes a stored file, it only adds and removes
        subprocess.run(["cp", "-al", filestore(template), filestore(name)], check=True)


def drop(name):
    sql(f"DROP DATABASE IF EXISTS {checked(name)} WITH (FORCE)")
    shutil.rmtree(filestore(name), ignore_errors=True)


def rename(old, new):
    """Give a finished database its name."""
    if filestore(old).exists():
        shutil.rmtree(filestore(new), ignore_errors=True)
        filestore(old).rename(filestore(new))
    sql(f"ALTER DATABASE {checked(old)} RENAME TO {checked(new)}")


def filestore(name):
    """Where Odoo keeps the attachments of database ``name``."""
    return place.state() / "data" / "filestore" / name


def note(name):
    """What :func:`write_note` left on the database; it lives and dies with it."""
    query = """SELECT shobj_description(oid, 'pg_database')
        FROM pg_database WHERE datname = :'name'"""
    return json.loads(sql(query, name=name) or "{}")


def write_note(name, content):
    sql(f"COMMENT ON DATABASE {checked(name)} IS :'text'", text=json.dumps(content))
