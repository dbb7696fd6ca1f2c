import ast
import re
from pathlib import Path

import polib
from babel.messages.extract import extract

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%s")
EXTRACTOR = "odoo.tools.babel:extract_python"  # which Odoo exports terms with


def exported(path):
    """Return the terms that Odoo exports of a file."""
    with path.open("rb") as source:
        found = list(extract(EXTRACTOR, source, {"_": None}))
    terms = [message for _line, message, *_rest in found]
    return {term[0] if isinstance(term, tuple) else term for term in terms}


def marked(path):
    """Return the strings of a file that are translated when it runs."""
    calls = [one for one in ast.walk(ast.parse(path.read_text())) if _translates(one)]
    return {call.args[0].value for call in calls}


def _translates(node):
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "_"


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """Spanish and Hungarian are complete, and Odoo can load them."""

    def _sources_where(self, is_wrong):
        """Return the languages and source terms of the entries that are wrong."""
        return [
            (lang, entry.msgid)
            for lang in ("es", "hu")
            for entry in polib.pofile(file_path(f"credit_collections/i18n/{lang}.po"))
            if is_wrong(entry)
        ]

    def test_every_term_is_translated(self):
        self.assertFalse(self._sources_where(lambda entry: not entry.translated()))

    def test_what_is_marked_for_translation_is_exported_and_nothing_else(self):
        for path in Path(file_path("credit_collections")).rglob("*.py"):
            if "tests" not in path.parts:
                self.assertEqual(exported(path), marked(path), path.name)

    def test_translations_keep_the_placeholders_of_their_source(self):
        def differs(entry):
            source, translation = map(PLACEHOLDER.findall, (entry.msgid, entry.msgstr))
            return sorted(source) != sorted(translation)

        self.assertFalse(self._sources_where(differs))

    def test_labels_are_spanish_once_the_language_is_loaded(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.env["ir.module.module"]._load_module_terms(
            ["credit_collections"], ["es_ES"]
        )
        profile = self.env["credit.profile"].with_context(lang="es_ES")
        field = profile.fields_get(["limit_policy"])["limit_policy"]
        self.assertEqual(field["string"], "Política de límite")
        self.assertIn(("none", "Sin crédito"), field["selection"])
