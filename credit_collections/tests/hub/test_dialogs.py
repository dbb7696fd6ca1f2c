from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ...tools.protected import is_dialog
from .scene import SceneCommon

VALUES = {
    "boolean": False,
    "char": "x",
    "date": fields.Date.to_date("2025-05-15"),
    "float": 1.0,
    "integer": 1,
    "monetary": 1.0,
    "text": "x",
    "html": "x",
    "binary": "eA==",
}


@tagged("post_install", "-at_install")
class TestDialogs(SceneCommon):
    """What dialogs work out about a record is no way round the right to read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what lines of dialogs point to
        cls.scene["sale.order.line"] = cls.scene["sale.order"].order_line[:1]
        cls.scene["res.company"] = cls.company
        other = cls._create_company(name="Other")
        cls.strangers = [
            cls._user(f"stranger_{number}", groups)
            for number, groups in enumerate(
                (
                    "credit_collections.group_credit_manager",
                    "sales_team.group_sale_manager",
                    "account.group_account_invoice",
                    "base.group_user",
                )
            )
        ]
        for user in cls.strangers:
            user.write(
                {"company_ids": [Command.set(other.ids)], "company_id": other.id}
            )

    def _pointing(self):
        """Yield ``(dialog, field)`` of all that may name a record of the scene."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if is_dialog(model):
                for field in model._credit_pointing:
                    if model._fields[field].comodel_name in self.scene:
                        yield model, model._fields[field]

    def _values(self, model, field, user):
        """Return what the dialog needs, and in one field a record out of sight."""
        values = {}
        for one in model._fields.values():
            if one.name == field.name or (one.required and one.store):
                values[one.name] = self._value(model, one, user)
        values.pop("id", None)
        return values

    def _value(self, model, field, user):
        if field.type in ("many2one", "many2many"):
            record = self.scene.get(field.comodel_name)
            if self.env[field.comodel_name]._transient:
                parents = self.env[field.comodel_name].sudo()
                record = parents.create(self._values(parents, field, user))
            elif not record:
                found = self.env[field.comodel_name].with_user(user)
                record = found.search([], limit=1) if found.has_access("read") else None
            ids = record.ids if record else []
            if field.type == "many2many":
                return [Command.set(ids)]
            return ids[0] if ids else False
        if field.type == "selection":
            return field.get_values(self.env)[0]
        return VALUES[field.type]

    def test_a_dialog_is_about_what_its_user_may_read(self):
        tried, open_to = 0, []
        for model, field in self._pointing():
            for user in self.strangers:
                dialogs = model.with_user(user)
                hidden = self.scene[field.comodel_name].with_user(user)
                if not dialogs.has_access("create") or hidden.has_access("read"):
                    continue
                tried += 1
                try:
                    with self.env.cr.savepoint() as savepoint:
                        dialogs.create(self._values(model, field, user))
                        savepoint.rollback()
                    open_to.append((str(field), user.login))
                except AccessError:
                    continue
        self.assertGreater(tried, 30)
        self.assertFalse(open_to)

    def _asks(self, user, model, values, names=None, context=()):
        """Tell what a dialog that is no record yet says about a record out of sight;
        nothing where it refuses."""
        dialogs = model.with_user(user).with_context(**dict(context))
        shown = {
            name: {} for name in model._fields if name not in ("id", "display_name")
        }
        try:
            return dialogs.onchange(
                values, list(values) if names is None else names, shown
            )
        except AccessError:
            return None

    def test_no_dialog_that_is_no_record_yet_is_about_one_out_of_sight(self):
        tried, open_to = 0, []
        for model, field in self._pointing():
            for user in self.strangers:
                hidden = self.scene[field.comodel_name]
                dialogs = model.with_user(user)
                if not dialogs.has_access("create"):
                    continue
                if hidden.with_user(user).has_access("read"):
                    continue
                tried += 1
                value = self._value(model, field, user)
                asked = self._asks(user, model, {field.name: value})
                # buttons name several by their ids
                several = field.type == "many2many"
                named = hidden.ids if several else value
                default = {f"default_{field.name}": named}
                opened = self._asks(user, model, {}, [], default)
                if asked is not None or opened is not None:
                    open_to.append((str(field), user.login))
        self.assertGreater(tried, 30)
        self.assertFalse(open_to)

    def test_no_line_of_a_dialog_is_about_one_out_of_sight(self):
        line = self.scene["sale.order"].order_line
        split = self.env["credit.hold.split"]
        for command in (
            [Command.create({"order_line_id": line.id})],
            [(0, "virtual_1", {"order_line_id": line.id})],
        ):
            found = self._asks(self.strangers[0], split, {"line_ids": command})
            self.assertIsNone(found)

    def _shown(self, user, model, values, *names):
        """Return what onchange says of some fields, nothing where it refuses."""
        dialogs = self.env[model].with_user(user)
        try:
            found = dialogs.onchange(values, list(values), {name: {} for name in names})
        except AccessError:
            return {}
        return {name: one for name, one in found["value"].items() if one}

    def test_the_policy_of_another_company_is_not_shown(self):
        name = "credit_controller_authority"
        self.company[name] = 4321.0
        asked = {"company_id": self.company.id}
        manager = self.strangers[0]
        self.assertFalse(self._shown(manager, "credit.policy", asked, name))
        own = self.users["manager"]
        found = self._shown(own, "credit.policy", asked, name)
        self.assertEqual(found, {name: 4321.0})

    def test_amounts_out_of_sight_are_not_shown(self):
        for model, field, record in (
            ("credit.rule.try", "order_id", "sale.order"),
            ("collection.case.handover", "case_id", "collection.case"),
            ("credit.hold.split.line", "order_line_id", "sale.order.line"),
        ):
            amount = "amount_ordered" if "split" in model else "amount"
            asked = {field: self.scene[record].id}
            with self.subTest(model=model):
                stranger = self.strangers[0]
                self.assertFalse(self._shown(stranger, model, asked, amount))
                own = self.users["manager"]
                self.assertTrue(self._shown(own, model, asked, amount))

    def test_the_verdict_on_an_order_of_a_colleague_is_not_worked_out(self):
        order = self.scene["sale.order"]
        tries = self.env["credit.rule.try"]
        stranger = self.strangers[0]
        with self.assertRaises(AccessError):
            tries.with_user(stranger).create({"order_id": order.id})
        with self.assertRaises(AccessError):
            tries.with_user(stranger).with_context(default_order_id=order.id).create({})
        own = tries.with_user(stranger).create({})
        with self.assertRaises(AccessError):
            own.order_id = order
        # onchange works on what is no record yet
        with self.assertRaises(AccessError):
            tries.with_user(stranger).onchange(
                {"order_id": order.id}, ["order_id"], {"verdict": {}, "order_id": {}}
            )


@tagged("post_install", "-at_install")
class TestWhoConfirms(SceneCommon):
    """Nobody has an order put on hold who could not confirm it."""

    def test_customers_and_auditors_put_nothing_on_hold(self):
        order = self._order(self.debtor, 1500.0, user_id=False)
        for role in ("portal", "auditor", "collector"):
            as_role = order.with_user(self.users[role])
            self.assertTrue(as_role.has_access("read"))
            for method in ("action_confirm", "action_credit_confirm"):
                with self.assertRaises(AccessError):
                    getattr(as_role, method)()
            with self.assertRaises(AccessError):
                as_role.write({"state": "sale"})
        self.assertFalse(order._credit_get_hold())
        order.with_user(self.users["salesperson"]).action_confirm()
        self.assertEqual(order._credit_get_hold().state, "held")
