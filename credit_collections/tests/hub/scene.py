from odoo.fields import Command

from ..common import COLLECTOR, CONTROLLER, MANAGER, SALESPERSON
from ..dispute.common import DisputeCommon

#: Users by what they are, each with the groups that make them it.
ROLES = {
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "salesperson": SALESPERSON,
    "sales manager": "sales_team.group_sale_manager",
    "invoicing": "account.group_account_invoice",
    "auditor": "account.group_account_readonly",
    "accountant": "account.group_account_manager",
    "collector": COLLECTOR,
    "controller": CONTROLLER,
    "manager": MANAGER,
}


class SceneCommon(DisputeCommon):
    """One user of each role, and one record of each model that says what it may do,
    all of one customer who buys on credit, pays late, complains and promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls._user(f"scene_{role.replace(' ', '_')}", groups)
            for role, groups in ROLES.items()
        }
        cls.users["portal"].partner_id.parent_id = cls.debtor
        cls.profile = cls._profile(cls.debtor)
        cls.profile.write(
            {
                "limit_policy": "limited",
                "credit_limit": 50.0,
                "next_review_date": cls.today,
            }
        )
        cls.scene = {}
        for records in cls._records():
            cls.scene.setdefault(records._name, records[:1].with_env(cls.env))
        cls.env.flush_all()

    @classmethod
    def _records(cls):
        item = cls._item(100.0, 30)
        yield item
        yield item.move_id
        yield cls.debtor
        yield cls.profile
        yield from cls._chasing(item)
        yield from cls._selling()
        yield from cls._limits()

    @classmethod
    def _chasing(cls, item):
        yield cls.env["collection.interaction"].create(
            {
                "profile_id": cls.profile.id,
                "channel": "call",
                "user_id": cls.collector.id,
            }
        )
        run = cls._plan()
        yield run
        yield run.action_ids
        cls._about_to_be_done(run.action_ids)
        yield run.action_ids.line_ids
        case = item.with_user(cls.collector)._open_case()
        yield case
        promise = cls.env["collection.promise"].with_user(cls.collector)
        promise = promise.create(
            {
                "profile_id": cls.profile.id,
                "currency_id": item.currency_id.id,
                "date": cls.today,
                "line_ids": [Command.create({"move_line_id": item.id, "amount": 40.0})],
            }
        )
        yield promise
        yield promise.line_ids
        dispute = cls._dispute(item, 30.0)
        yield dispute
        yield dispute.line_ids
        yield cls.department
        yield cls.strategy
        yield cls.strategy.step_ids
        yield cls.segment
        yield cls.env["collection.team"].create(
            {
                "name": "Team",
                "member_ids": [Command.create({"user_id": cls.collector.id})],
            }
        )
        yield cls.env["collection.assignment.rule"].create(
            {"name": "One", "target": "user", "user_id": cls.collector.id}
        )
        cls.env.flush_all()
        yield cls.env["credit.review.due"].search(
            [("profile_id", "=", cls.profile.id)], limit=1
        )
        yield cls.env["collection.board"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )

    @classmethod
    def _selling(cls):
        cls.env["credit.approval.tier"].search([]).active = False
        cls.env["credit.approval.tier"].create(
            {
                "name": "Director",
                "document": "release",
                "user_ids": [Command.set(cls.manager.ids)],
            }
        )
        cls._rule("limit_used", limit_share=1.0)
        released, order = (
            cls._order(cls.debtor, 1500.0, user_id=False) for _time in range(2)
        )
        for one in (released, order):
            one.with_user(cls.salesperson).action_confirm()
        released.credit_hold_id.with_user(cls.manager)._release(cls.release_reason)
        cls.env.flush_all()
        yield cls.env["credit.release.outcome"].search([("order_id", "=", released.id)])
        yield order
        hold = order.credit_hold_id
        yield hold
        yield hold.line_ids
        hold.with_user(cls.controller)._ask_for_release(cls.release_reason, note="Soon")
        yield hold.approval_id
        yield hold.approval_id.step_ids
        yield cls.env["credit.rule"].search([("active", "=", True)], limit=1)

    @classmethod
    def _limits(cls):
        change = cls.env["credit.limit.change"].create(
            {
                "line_ids": [
                    Command.create({"profile_id": cls.profile.id, "new_limit": 5.0})
                ]
            }
        )
        yield change
        yield change.line_ids
        yield cls.env["credit.collateral"].create(
            {
                "profile_id": cls.profile.id,
                "type_id": cls.env["credit.collateral.type"].search([], limit=1).id,
                "amount": 10.0,
            }
        )
        group = cls.env["credit.group"].create({"name": "Steel"})
        cls.profile.group_id = group
        yield group
