from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...tools.protected import is_ours
from ..common import CONTROLLER, CreditCommon
from .scene import ROLES

#: Read-only fields that users give to new records, each with its reason beside it in
#: the model.
GIVEN = {("collection.interaction", "action_id"), ("collection.promise", "instalment")}

#: Those that the model itself says who may write, as its own tests say.
BY_HAND = {("credit.profile", "limit_expiry_date")}

#: Who every model of core lets write and delete: the chatter.
CHATTER = ("message_", "activity_", "website_", "rating_")

#: By what a value of each type differs from that of a new record.
VALUES = {
    "boolean": True,
    "char": "forged",
    "date": fields.Date.to_date("2024-02-29"),
    "datetime": fields.Datetime.to_datetime("2024-02-29 12:00:00"),
    "float": 7.5,
    "html": "<p>forged</p>",
    "integer": 7,
    "json": {"forged": 7},
    "many2one": 1,
    "many2one_reference": 1,
    "many2many": [Command.set([1])],
    "monetary": 7.5,
    "one2many": [Command.set([1])],
    "text": "forged",
}


def of_addon(field):
    return field._modules and all(
        name.startswith("credit_collections") for name in field._modules
    )


@tagged("post_install", "-at_install")
class TestProtectedFields(CreditCommon):
    """Walks: what nobody writes by hand, where nobody moves a record to, and what
    only members of all companies change. New models and fields are in them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls._user(f"walk_{role.replace(' ', '_')}", groups)
            for role, groups in ROLES.items()
        }
        cls.other = cls._create_company(name="Other")
        cls.there = cls._profile(cls.customer, cls.other)
        cls.here = cls._profile(cls.customer)

    def _kept_models(self):
        for name in sorted(self.env.registry):
            model = self.env[name]
            if not (model._abstract or model._transient) and model._auto:
                yield model

    def _protected(self):
        """Yield ``(model, field)`` of what screens show read-only, as declared."""
        for model in self._kept_models():
            for name, field in model._fields.items():
                if (
                    field.store
                    and field.readonly
                    and (is_ours(model) or of_addon(field))
                    and name not in {"id", "create_uid", "write_uid"}
                    and name not in {"create_date", "write_date"}
                    and not name.startswith(CHATTER)
                    and (model._name, name) not in BY_HAND
                ):
                    yield model, field

    def _protected_new(self):
        for model, field in self._protected():
            if (model._name, field.name) not in GIVEN:
                yield model, field

    def _may(self, model, operation):
        """Yield the model as each role that has the right to do something there."""
        for role, user in self.users.items():
            as_user = model.with_user(user)
            if as_user.has_access(operation):
                yield role, as_user

    def _value(self, model, field):
        if field.type in ("selection", "reference"):
            own = field.default and field.default(model)
            return next(one for one in field.get_values(self.env) if one != own)
        return VALUES[field.type]

    # === READ-ONLY IS READ-ONLY === #

    def _is_refused(self, method, vals):
        """Without a savepoint: what is refused at the door has touched nothing."""
        try:
            method(vals)
        except AccessError:
            return True
        return False

    def test_no_role_writes_what_is_read_only(self):
        tried, open_to = 0, []
        for model, field in self._protected():
            value = self._value(model, field)
            for role, as_user in self._may(model, "write"):
                tried += 1
                # the door asks before it looks for records
                if not self._is_refused(as_user.write, {field.name: value}):
                    open_to.append((str(field), role))
        self.assertGreater(tried, 300)
        self.assertFalse(open_to)

    def test_no_role_gives_it_to_a_new_record(self):
        tried, open_to = 0, []
        for model, field in self._protected_new():
            value = self._value(model, field)
            for role, as_user in self._may(model, "create"):
                tried += 1
                if not self._is_refused(as_user.create, {field.name: value}):
                    open_to.append((str(field), role))
        self.assertGreater(tried, 100)
        self.assertFalse(open_to)

    def test_no_context_gives_it_whoever_makes_the_record(self):
        wrong = []
        for model, field in self._protected_new():
            name, value = field.name, self._value(model, field)
            for who in (model, model.with_user(self.manager), model.sudo()):
                plain = who.default_get([name]).get(name)
                forged = who.with_context(**{f"default_{name}": value})
                found = forged.default_get([name]).get(name)
                is_plain = field.type == "datetime" or found == plain
                if not is_plain or found == value:
                    wrong.append((str(field), who.env.uid, found))
        self.assertFalse(wrong)

    def test_no_default_that_a_user_keeps_gives_it(self):
        defaults = self.env["ir.default"].with_user(self.controller)
        defaults.set("credit.limit.change.line", "state", "posted", user_id=True)
        lines = self.env["credit.limit.change.line"].with_user(self.controller)
        self.assertEqual(lines.default_get(["state"]), {"state": "draft"})

    def test_fields_on_models_of_others_are_not_copied(self):
        copied = [
            str(field)
            for model, field in self._protected()
            if not is_ours(model) and field.copy
        ]
        self.assertFalse(copied)

    def test_what_may_be_given_has_a_reason(self):
        found = {
            (model._name, name): why
            for model in self._kept_models()
            for reasons in (model._credit_born_with, model._credit_by_hand)
            for name, why in reasons.items()
        }
        self.assertEqual(set(found), GIVEN | BY_HAND)
        self.assertTrue(all(found.values()))

    # === NOBODY MOVES A RECORD TO ANOTHER COMPANY === #

    def _made(self, name, company):
        """Return values of a record of a company, for each model that users write."""
        profile = self.here if company == self.company else self.there
        of_company = {"company_id": company.id}

        def child(parent):
            of_it = (
                self.env[parent]
                .sudo()
                .search([("company_id", "=", company.id)], limit=1)
            )
            return (of_it or self._record(parent, company)).id

        made = {
            "collection.assignment.rule": {
                "name": "One",
                "target": "user",
                "user_id": self.manager.id,
            },
            "collection.department": {"name": "One"},
            "collection.interaction": {
                "profile_id": profile.id,
                "channel": "call",
                "user_id": self.manager.id,
            },
            "collection.priority.factor": {
                "kind": "overdue_days",
                "high": 2,
                "points": 5,
            },
            "collection.run": {},
            "collection.segment": {"name": "One"},
            "collection.strategy": {"name": "One"},
            "collection.team": {"name": "One"},
            "credit.approval.tier": {
                "name": "One",
                "document": "release",
                "user_ids": [Command.set(self.manager.ids)],
            },
            "credit.automatic.limit": {"name": "One"},
            "credit.collateral": {
                "profile_id": profile.id,
                "type_id": self.env["credit.collateral.type"].search([], limit=1).id,
                "amount": 10.0,
            },
            "credit.limit.change": {},
            "credit.profile": {"partner_id": self._customer("Walked").id},
            "credit.reason": {"name": "One", "kind": "release"},
            "credit.risk.factor": {"kind": "overdue_days"},
            "credit.rule": {"name": "One", "kind": "days_overdue", "days": 9},
        }.get(name)
        if made is not None:
            with_company = "company_id" in self.env[name]._fields and not (
                self.env[name]._fields["company_id"].related
            )
            return {**made, **of_company} if with_company else made
        if name == "collection.step":
            return {
                "name": "One",
                "channel": "task",
                "days": 3,
                "strategy_id": child("collection.strategy"),
            }
        if name == "collection.team.member":
            return {"team_id": child("collection.team"), "user_id": self.manager.id}
        if name == "credit.automatic.limit.line":
            return {
                "automatic_id": child("credit.automatic.limit"),
                "kind": "score",
                "credit_limit": 5.0,
            }
        if name == "credit.risk.factor.band":
            return {"factor_id": child("credit.risk.factor"), "high": 1.0}
        if name == "credit.limit.change.line":
            return {
                "change_id": child("credit.limit.change"),
                "profile_id": profile.id,
                "new_limit": 5.0,
            }
        return None

    def _record(self, name, company):
        vals = self._made(name, company)
        records = self.env[name].sudo()
        if name == "credit.risk.factor":  # there is one of each kind
            records.search([("company_id", "=", company.id)]).unlink()
        return records.create(vals)

    #: Models of which managers write no record by hand that could be moved, and why.
    NOT_MOVED = {
        "collection.action": "all of it is protected",
        "collection.action.line": "all of it is protected",
        "collection.case": "its customer is protected",
        "collection.dispute": "its customer is protected",
        "collection.promise": "what was promised is fixed, see its rights",
        "credit.approval.substitute": "belongs to no company, see below",
        "credit.collateral.type": "belongs to no company",
        "credit.group": "belongs to the companies of its members",
        "credit.hold": "its order is protected",
        "credit.risk.class": "belongs to no company",
    }

    #: What a record only mentions, and its company does not depend on.
    MENTIONED = {
        ("collection.interaction", "outcome_id"),
        ("collection.segment", "strategy_id"),
        ("credit.limit.change.line", "temporary_id"),  # ends for its own customer
        ("credit.profile", "status_reason_id"),
        ("credit.reason", "department_id"),
        ("credit.rule", "profile_id"),
        ("credit.rule", "segment_id"),
    }

    def _movable(self):
        for model in self._kept_models():
            if is_ours(model) and model.with_user(self.manager).has_access("write"):
                yield model._name

    def test_every_model_that_managers_write_is_walked(self):
        walked = {
            name for name in self._movable() if self._made(name, self.company) is None
        }
        self.assertEqual(walked, set(self.NOT_MOVED))

    def _targets(self, name, found):
        """Yield ``(field, record of the other company)`` it could move to."""
        model = self.env[name]
        for field in model._fields.values():
            if (
                field.type != "many2one"
                or not field.store
                or field.name in model._credit_protected
                or (name, field.name) in self.MENTIONED
            ):
                continue
            if field.comodel_name not in found:
                made = self._made(field.comodel_name, self.other)
                target = made and self._record(field.comodel_name, self.other)
                found[field.comodel_name] = target
            if found[field.comodel_name]:
                yield field.name, found[field.comodel_name]

    def test_no_record_is_moved_to_another_company(self):
        tried = 0
        found = {"res.company": self.other, "credit.profile": self.there}
        for name in self._movable():
            if name in self.NOT_MOVED:
                continue
            record = self._record(name, self.company).with_user(self.manager)
            for field, target in self._targets(name, found):
                tried += 1
                with (
                    self.subTest(model=name, field=field),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    record.write({field: target.id})
                    record.flush_recordset()
        self.assertGreater(tried, 20)

    def test_what_all_companies_share_is_changed_by_members_of_all(self):
        tried = 0
        self.env["credit.risk.factor"].sudo().search([]).unlink()  # one of each kind
        for name in self._movable():
            model = self.env[name]
            company = model._fields.get("company_id")
            if name in self.NOT_MOVED or not company or company.required:
                continue
            if company.related:
                continue
            record = self._record(name, self.company)
            shared = record.sudo().copy({"company_id": False})
            record.unlink()
            as_manager = shared.with_user(self.manager)
            new = {**self._made(name, self.company), "company_id": False}
            if name == "credit.risk.factor":
                new["kind"] = "revenue"
            tried += 1
            for refused in (
                lambda one=as_manager: one.write({"company_id": self.company.id}),
                lambda one=as_manager: one.unlink(),
                lambda one=as_manager, vals=new: one.create(vals),
            ):
                with (
                    self.subTest(model=name),
                    self.assertRaisesRegex(AccessError, "counts for all companies"),
                    self.env.cr.savepoint(),
                ):
                    refused()
        self.assertGreater(tried, 8)

    def test_a_record_of_one_company_does_not_become_shared(self):
        rule = self._record("credit.rule", self.company).with_user(self.manager)
        with self.assertRaisesRegex(AccessError, "counts for all companies"):
            rule.company_id = False

    def test_members_of_all_companies_change_what_they_share(self):
        rule = self._rule("days_overdue", days=9)
        with self.assertRaises(AccessError):
            rule.with_user(self.manager).active = False
        self.manager.company_ids += self.other
        rule.with_user(self.manager).active = False
        self.assertFalse(rule.active)

    def test_types_and_classes_are_shared_too(self):
        for model in ("credit.collateral.type", "credit.risk.class"):
            record = self.env[model].search([], limit=1).with_user(self.manager)
            with self.assertRaisesRegex(AccessError, "counts for all companies"):
                record.sequence = 99

    def test_ranges_of_shared_factors_are_shared(self):
        factor = self.env["credit.risk.factor"].search(
            [("company_id", "=", False), ("band_ids", "!=", False)], limit=1
        )
        band = factor.band_ids[0].with_user(self.manager)
        with self.assertRaisesRegex(AccessError, "counts for all companies"):
            band.score = 1.0

    # === SUBSTITUTES === #

    def test_nobody_stands_in_for_whom_one_is_not(self):
        entries = self.env["credit.approval.substitute"]
        employee, controller = self.users["employee"], self.users["controller"]
        own = entries.with_user(employee).create({"substitute_id": controller.id})
        for vals in (
            {"user_id": self.manager.id},
            {"user_id": self.manager.id, "substitute_id": employee.id},
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                own.write(vals)
        forged = {"user_id": self.manager.id, "substitute_id": self.controller.id}
        keys = {f"default_{name}": value for name, value in forged.items()}
        for context, vals in (({}, forged), (keys, {})):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                entries.with_user(employee).with_context(**context).create(vals)
        self.assertEqual(own.user_id, employee)

    def test_a_substitute_has_a_say_in_approvals(self):
        entries = self.env["credit.approval.substitute"]
        with self.assertRaisesRegex(UserError, "decides on nothing"):
            entries.with_user(self.manager).create(
                {"substitute_id": self.users["employee"].id}
            )
        entry = entries.create(
            {"user_id": self.manager.id, "substitute_id": self.controller.id}
        )
        self.assertEqual(len(entries._get_in_force(user_id=self.manager.id)), 1)
        self.controller.group_ids -= self.env.ref(CONTROLLER)
        self.assertFalse(entries._get_in_force(user_id=self.manager.id))
        self.assertTrue(entry.exists())

    def test_who_is_stood_in_for_is_told(self):
        entry = self.env["credit.approval.substitute"].with_user(self.users["manager"])
        entry = entry.create(
            {"user_id": self.manager.id, "substitute_id": self.controller.id}
        )
        told = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("partner_ids", "in", self.manager.partner_id.ids),
                    ("message_type", "=", "user_notification"),
                ],
                limit=1,
            )
        )
        self.assertIn("arranged that", told.body)
        self.assertIn(self.controller.name, told.body)
        self.assertEqual(entry.user_id, self.manager)
