import re
from itertools import product

from odoo.tests import tagged
from odoo.tools import format_amount, format_date, html2plaintext

from ..run.common import CollectionCommon

LANGUAGES = ("es_ES", "sv_SE", "el_GR", "is_IS", "hu_HU", "de_DE", "fr_FR")

#: A piece of every text, in its language: who reads it can tell which one it is.
GREETINGS = {
    "en_US": "Dear",
    "es_ES": "A la atención de",
    "sv_SE": "Hej",
    "el_GR": "Προς",
    "is_IS": "Góðan dag",
    "hu_HU": "Tisztelt",
    "de_DE": "Guten Tag",
    "fr_FR": "Bonjour",
}

#: Names of documents, and words that are the same in several languages.
SAME = re.compile(r"INV/|Total|Document")


@tagged("post_install", "-at_install")
class TestCollectionTexts(CollectionCommon):
    """Shipped texts in every language: whole, without a word of another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo knows Icelandic texts, but leaves it to users to add the language
        cls.env["res.lang"].create(
            {
                "name": "Icelandic / Íslenska",
                "code": "is_IS",
                "iso_code": "is",
                "url_code": "is",
                "date_format": "%d.%m.%Y",
                "decimal_point": ",",
                "thousands_sep": ".",
                "grouping": "[3,0]",
            }
        )
        for lang in LANGUAGES:
            cls.env["res.lang"]._activate_lang(lang)
        cls.env["ir.module.module"]._load_module_terms(
            ["credit_collections"], list(LANGUAGES)
        )
        cls.env.invalidate_all()
        cls.strategy.step_ids[0].write({"fee_amount": 1234.5, "interest_rate": 9.5})
        cls.debtor = cls._debtor("Debtor", (2345.67, 73))
        cls.action = cls._about_to_be_done(cls._action(cls._plan(), cls.debtor))
        cls.mails = cls._shipped("mail.template")
        cls.texts = cls._shipped("sms.template")

    @classmethod
    def _shipped(cls, model):
        """Return the shipped templates for collection actions."""
        names = cls.env["ir.model.data"].search(
            [("module", "=", "credit_collections"), ("model", "=", model)]
        )
        templates = cls.env[model].browse(names.mapped("res_id"))
        return templates.filtered(lambda one: one.model == "collection.action")

    def _mail(self, template):
        values = template._generate_template(self.action.ids, ("subject", "body_html"))
        subject, body = (
            values[self.action.id][key] for key in ("subject", "body_html")
        )
        return subject, html2plaintext(body)

    def _text(self, template, lang):
        spoken = template.with_context(lang=lang)
        return spoken._render_field("body", self.action.ids)[self.action.id]

    def test_every_tone_has_its_texts(self):
        self.assertEqual((len(self.mails), len(self.texts)), (7, 3))

    def test_mails_are_whole_in_every_language(self):
        item = self.action.line_ids
        for lang, template in product(("en_US", *LANGUAGES), self.mails):
            self.debtor.lang = lang
            subject, body = self._mail(template)
            spoken = self.env(context={"lang": lang})
            # 2345.67 x 9.5 % x 73 / 365 = 44.57
            amounts = [
                format_amount(spoken, amount, self.company.currency_id)
                for amount in (2345.67, 1234.5, 44.57)
            ]
            parts = [
                GREETINGS[lang],
                "Debtor",
                item.move_id.name,
                format_date(spoken, item.date_maturity),
                *amounts,
            ]
            with self.subTest(lang=lang, text=template.name):
                self.assertIn(self.company.name, subject)
                for part in parts:
                    self.assertIn(_flat(part), _flat(body))
                self.assertNotRegex(subject + body, r"{{|}}|t-out|object\.")

    def test_text_messages_are_whole_in_every_language(self):
        due = self.action.line_ids.date_maturity
        for lang, template in product(("en_US", *LANGUAGES), self.texts):
            self.debtor.lang = lang
            body = self._text(template, lang)
            spoken = self.env(context={"lang": lang})
            amount = format_amount(spoken, 2345.67, self.company.currency_id)
            with self.subTest(lang=lang, text=template.name):
                self.assertIn(_flat(amount), _flat(body))
                self.assertIn(format_date(spoken, due), body)
                self.assertNotRegex(body, r"{{|}}|object\.")

    def _lines(self, template, lang):
        """Return the lines of a text that have words, other than names."""
        self.debtor.lang = lang
        if template._name == "sms.template":
            lines = [self._text(template, lang)]
        else:
            subject, body = self._mail(template)
            lines = [subject, *body.splitlines()]
        own = (self.debtor.name, self.company.name)
        return {
            line.strip(" *|")
            for line in lines
            if re.search(r"[^\W\d_]{4}", line) and line.strip(" *|") not in own
        }

    def test_nothing_is_left_in_english(self):
        for lang, template in product(LANGUAGES, (*self.mails, *self.texts)):
            english = self._lines(template, "en_US")
            left = self._lines(template, lang) & english
            with self.subTest(lang=lang, text=template.name):
                self.assertTrue(english)
                self.assertFalse({line for line in left if not SAME.search(line)})

    def test_steps_are_named_in_every_language(self):
        step = self.env.ref("credit_collections.collection_step_watchful_early")
        names = {step.with_context(lang=lang).name for lang in ("en_US", *LANGUAGES)}
        self.assertEqual(len(names), 8)

    def test_letters_are_printed_in_every_language(self):
        self.debtor.write({"street": "1 Main Street", "city": "Springfield"})
        self.action.sudo().channel = "letter"
        self.strategy.step_ids[0].mail_template_id = self.env.ref(
            "credit_collections.mail_template_collection_letter_final"
        )
        for lang in LANGUAGES:
            self.debtor.lang = lang
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                "credit_collections.collection_letter", self.action.ids
            )
            with self.subTest(lang):
                self.assertIn(GREETINGS[lang], html.decode())


def _flat(text):
    """Return a text whose spaces are all alike."""
    return re.sub(r"\s", " ", text)
