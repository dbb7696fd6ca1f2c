"""./cc news: the news of each addon's readme/newsfragments become its history."""

import ast
import re
from datetime import datetime, timezone

from . import odoo_cli, place, say

#: Endings of fragments, and the headings they go under.
KINDS = {"feature": "Features", "bugfix": "Bugfixes", "misc": "Misc"}
FRAGMENT = re.compile(rf"[a-z0-9_-]+\.({'|'.join(KINDS)})\.md")


def build(top=None, today=None):
    """Move the fragments of all addons into readme/HISTORY.md, under their version."""
    for addon in odoo_cli.addons():
        folder = (top or place.TOP) / addon
        fragments = sorted((folder / "readme" / "newsfragments").glob("*.md"))
        if not fragments:
            continue
        news = read(fragments)
        manifest = ast.literal_eval((folder / "__manifest__.py").read_text())
        history = folder / "readme" / "HISTORY.md"
        older = history.read_text() if history.exists() else ""
        history.write_text(insert(older, manifest["version"], news, today))
        for path in fragments:
            path.unlink()
        say.step(f"{addon} {manifest['version']}: {len(fragments)} news in its history")


def read(fragments):
    """Return ``{kind: [text]}``; a name that says no kind is a failure."""
    news = {kind: [] for kind in KINDS}
    for path in fragments:
        named = FRAGMENT.fullmatch(path.name)
        if not named:
            raise say.Failure(
                f"{path} is no name for a piece of news: it is what it is about, then "
                f"one of {', '.join(KINDS)}, then md; such as faster_limits.feature.md."
            )
        news[named[1]].append(path.read_text().strip())
    return news


def insert(history, version, news, today=None):
    """Return a history with news under a version, which may be its newest already."""
    sections = re.split(r"(?m)^(?=## )", history)
    newest = next((one for one in sections if one.startswith("## ")), "")
    if re.match(rf"## {re.escape(version)}(?!\S)", newest):
        title = newest.splitlines()[0]
        sections.remove(newest)
        news = {kind: [*_entries(newest, kind), *news[kind]] for kind in KINDS}
    else:
        title = f"## {version} ({today or datetime.now(timezone.utc).date()})"
    parts = [title]
    for kind, heading in KINDS.items():
        if news[kind]:
            entries = "\n".join(_as_entry(text) for text in news[kind])
            parts.append(f"### {heading}\n\n{entries}")
    older = "".join(sections).strip()
    return "\n\n".join(filter(None, [*parts, older])) + "\n"


def _entries(section, kind):
    """Return the texts that a section of the history has of one kind."""
    found = re.search(rf"(?ms)^### {KINDS[kind]}\n(.*?)(?=^### |\Z)", section)
    texts = re.split(r"(?m)^- ", found[1].strip())[1:] if found else []
    return [re.sub(r"(?m)^  ", "", text).strip() for text in texts]


def _as_entry(text):
    return "- " + re.sub(r"(?m)^(?=.)", "  ", text)[2:]
