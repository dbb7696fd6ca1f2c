import re
from pathlib import Path

import polib

from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..engine.exposure.exposure import CustomerCredit
from ..engine.hub.standing import PaymentTerms, Standing
from ..engine.rule.kinds import Measure
from ..engine.rule.rule import CONFIRM, Order
from ..engine.rule.rule_order import Finding, Judgement
from ..models.rule.credit_rule_judgement import VERDICTS
from .common import CreditCommon

ADDONS = ("credit_collections", "credit_collections_stock")
LANGUAGES = ("es", "hu")

#: What a key looks like where words should be.
RAW_KEY = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")

#: Options that are called as they are stored: "in 3 weeks".
UNITS = ("weeks", "months")
#: Fields whose options are names in every language: time zones, as core lists them.
NAMES = ("res.company.credit_timezone",)


@tagged("post_install", "-at_install")
class TestWords(CreditCommon):
    """Whatever people can choose or are told has words, in every language."""

    # === SELECTIONS === #

    def _selections(self):
        """Return ``(field, options)`` of all that our addons let people choose from."""
        for model in self.env.values():
            for field in model._fields.values():
                if field.type != "selection" or field.related:
                    continue
                if field._module in ADDONS:
                    yield field, field._description_selection(self.env)

    def test_every_option_has_a_label(self):
        found = list(self._selections())
        self.assertGreater(len(found), 60)
        nameless = [
            (str(field), value)
            for field, options in found
            for value, label in options
            if not label
            or RAW_KEY.search(label)
            or (label == value and value not in UNITS and str(field) not in NAMES)
        ]
        self.assertFalse(nameless)

    def test_every_label_is_translated(self):
        for language in LANGUAGES:
            known = set()
            for addon in ADDONS:
                path = Path(file_path(f"{addon}/i18n/{language}.po"))
                known |= {entry.msgid for entry in polib.pofile(path) if entry.msgstr}
            missing = {
                (str(field), label)
                for field, options in self._selections()
                for _value, label in options
                if label not in known and self._is_ours(field)
            }
            self.assertFalse(missing, language)

    def _is_ours(self, field):
        """Tell whether the options are our own words, not those of core or of data."""
        return isinstance(field.selection, list)

    # === KINDS OF RULES === #

    def _assert_words(self, words, where):
        self.assertTrue(words and words.strip(), where)
        self.assertFalse(RAW_KEY.search(words), f"{where}: {words}")

    def test_every_kind_of_rule_is_an_option_and_the_other_way_round(self):
        rules = self.env["credit.rule"]
        options = [value for value, _label in rules._fields["kind"].selection]
        self.assertEqual(set(options), set(rules._get_kinds()))
        for name, kind in rules._get_kinds().items():
            self.assertEqual(kind.engine.name, name)
            for field in (*kind.fields, *filter(None, [kind.named])):
                self.assertIn(field, rules._fields)

    def test_every_kind_of_rule_has_its_sentences(self):
        terms = self.env["account.payment.term"].search([], limit=1)
        customer = CustomerCredit(
            1000.0,
            {"overdue": 1200.0},
            standing=Standing(usual_terms={None: PaymentTerms()}),
        )
        order = Order(100.0, 100.0, terms=PaymentTerms(terms.id, 30))
        rules = self.env["credit.rule"]
        for name, kind in rules._get_kinds().items():
            rule = rules.new({"name": "Rule", "kind": name, "count": 2, "days": 3})
            self._assert_words(rule.description, name)
            if not kind.engine.by_hand:
                rule.rule_type = "exclude"
                rule.releases = True
                self._assert_words(rule.description, name)
            finding = Finding(0, name, 9.0, 2.0, 100.0)
            words = rules._explain_finding(
                finding, customer, order, self.company.currency_id
            )
            self._assert_words(words, name)

    def test_every_verdict_on_a_rule_has_its_sentence(self):
        rules = self.env["credit.rule"]
        customer = CustomerCredit(1000.0)
        order = Order(100.0, 100.0, checkpoint=CONFIRM, terms=PaymentTerms())
        for kind in rules._get_kinds():
            rule = self._rule(
                kind,
                name="Rule",
                status_reason_ids=self.env["credit.reason"].search(
                    [("kind", "=", "status")], limit=1
                ),
                payment_term_ids=self.env["account.payment.term"].search([], limit=1),
                risk_class_ids=self.env["credit.risk.class"].search([], limit=1),
            )
            for verdict, _label in VERDICTS:
                found = Measure(5.0, 2.0, True)
                judgement = Judgement(rule._to_engine(), verdict, found, (rule.id,))
                words = rule._explain_judgement(
                    judgement, customer, order, self.company.currency_id
                )
                self._assert_words(words, (kind, verdict))
                rule._show_value(5.0, judgement, self.company.currency_id)

    # === FACTS AND FIGURES === #

    def test_every_fact_about_risk_has_words(self):
        profile = self._profile(self.customer)
        values = {"status": "orders", "rating": "AA", "country": "1"}
        for kind, _label in self.env["credit.risk.factor"]._fields["kind"].selection:
            self._assert_words(profile._risk_words(kind, values.get(kind, 0.5)), kind)
            self._assert_words(profile._risk_words(kind, None), kind)

    def test_every_figure_of_the_priority_has_words(self):
        profile = self._profile(self.customer)
        kinds = self.env["collection.priority.factor"]._fields["kind"].selection
        for kind, _label in kinds:
            for value in (0.5, 1.0, 7.0):
                self._assert_words(profile._priority_words(kind, value), kind)

    def test_every_deadline_of_collateral_has_its_sentence(self):
        collateral = self.env["credit.collateral"].new(
            {"profile_id": self._profile(self.customer).id}
        )
        kinds = collateral._fields["deadline_kind"].selection
        sentences = {
            collateral._explain_deadline(kind, self.today) for kind, _label in kinds
        }
        self.assertEqual(len(sentences), len(kinds))
        for sentence in sentences:
            self._assert_words(sentence, "deadline")

    def test_every_component_of_the_exposure_has_a_label(self):
        names = self.env["res.company"]._get_component_names()
        labels = self.profiles._component_labels()
        for name in names:
            self._assert_words(labels[name], name)
            self.assertIn(f"credit_count_{name}", self.env["res.company"]._fields)
            self.assertIn(f"{name}_amount", self.profiles._fields)

    # === CHANNELS === #

    def test_every_channel_can_be_chosen_and_done(self):
        steps, actions = self.env["collection.step"], self.env["collection.action"]
        contacts = self.env["collection.interaction"]
        for model in (steps, actions):
            options = {value for value, _label in model._fields["channel"].selection}
            self.assertEqual(options, set(steps._get_channels()))
        logged = {value for value, _label in contacts._fields["channel"].selection}
        for name, channel in steps._get_channels().items():
            self.assertTrue(callable(getattr(actions, channel.method)))
            self.assertTrue(channel.text is None or channel.text in steps._fields)
            if channel.is_written or channel.is_spoken:
                self.assertIn(name, logged)

    # === JOBS === #

    def test_every_step_of_a_job_has_a_title(self):
        titles = self.env["credit.job.step"]._get_titles()
        for title in titles.values():
            self._assert_words(title, "step")
