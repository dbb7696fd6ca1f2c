import re

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%s")


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
