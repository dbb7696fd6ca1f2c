from odoo.tests import tagged

from .scene import SceneCommon

#: What each role may do with the records of each model, before rules narrow it to own
#: customers, orders and companies: read, write, create, delete. What is protected is
#: not written even so. Roles in the order of the columns.
COLUMNS = (
    "employee",
    "salesperson",
    "sales manager",
    "invoicing",
    "auditor",
    "accountant",
    "collector",
    "controller",
    "manager",
)
KEPT = """
collection.action                 -    -    -    -    r    -    r    r    rwcd
collection.action.line            -    -    -    -    r    -    r    r    rwcd
collection.assignment.rule        -    -    -    -    r    -    r    r    rwcd
collection.board                  -    -    -    -    r    -    r    r    r
collection.case                   -    -    -    rw   r    rw   rw   rw   rw
collection.department             r    r    r    r    r    r    r    r    rwcd
collection.dispute                rw   rw   rw   rw   rw   rw   rw   rw   rw
collection.dispute.line           r    r    r    r    r    r    r    r    r
collection.interaction            -    -    -    -    r    -    rwc  rwc  rwcd
collection.priority.factor        -    -    -    -    r    -    r    r    rwcd
collection.promise                -    -    -    -    r    -    rwc  rwc  rwc
collection.promise.line           -    -    -    -    r    -    r    r    r
collection.run                    -    -    -    -    r    -    r    r    rwcd
collection.segment                -    r    r    r    r    r    r    r    rwcd
collection.step                   -    r    r    r    r    r    r    r    rwcd
collection.strategy               -    r    r    r    r    r    r    r    rwcd
collection.team                   -    -    -    -    r    -    r    r    rwcd
collection.team.member            -    -    -    -    r    -    r    r    rwcd
credit.approval                   r    r    r    r    r    r    r    r    r
credit.approval.step              r    r    r    r    r    r    r    r    r
credit.approval.substitute        rwcd rwcd rwcd rwcd rwcd rwcd rwcd rwcd rwcd
credit.approval.tier              -    -    -    -    r    -    r    r    rwcd
credit.automatic.limit            -    -    -    -    r    -    r    r    rwcd
credit.automatic.limit.line       -    -    -    -    r    -    r    r    rwcd
credit.cache.change               -    -    -    -    -    -    -    -    -
credit.collateral                 -    -    -    -    r    -    r    rwcd rwcd
credit.collateral.type            -    -    -    -    r    -    r    r    rwcd
credit.decision.count             -    -    -    -    -    -    -    -    -
credit.group                      -    r    r    r    r    r    r    r    rwcd
credit.hold                       -    r    r    -    r    -    r    rw   rw
credit.hold.line                  -    r    r    -    r    -    r    r    r
credit.job.step                   -    -    -    -    r    -    r    r    r
credit.limit.change               -    -    -    -    r    -    r    rwcd rwcd
credit.limit.change.line          -    -    -    -    r    -    r    rwcd rwcd
credit.profile                    -    r    r    r    r    r    r    rw   rwcd
credit.reason                     r    r    r    r    r    r    r    r    rwcd
credit.release.outcome            -    -    -    -    r    -    r    r    r
credit.review.due                 -    -    -    -    r    -    r    r    r
credit.review.notice              -    -    -    -    -    -    -    -    r
credit.risk.class                 -    r    r    r    r    r    r    r    rwcd
credit.risk.factor                -    -    -    -    r    -    r    r    rwcd
credit.risk.factor.band           -    -    -    -    r    -    r    r    rwcd
credit.risk.history               -    -    -    -    r    -    r    r    r
credit.rule                       -    -    -    -    r    -    r    r    rwcd
"""

#: The same of dialogs: who is asked. They are gone after some hours.
DIALOGS = """
collection.action.edit            -    -    -    -    -    -    -    -    rwcd
collection.case.handover          -    -    -    -    -    -    -    rwcd rwcd
collection.case.open              -    -    -    rwcd -    rwcd rwcd rwcd rwcd
collection.dispute.accept         rwcd rwcd rwcd rwcd rwcd rwcd rwcd rwcd rwcd
collection.dispute.accept.line    rwcd rwcd rwcd rwcd rwcd rwcd rwcd rwcd rwcd
collection.dispute.open           -    rwcd rwcd -    -    -    rwcd rwcd rwcd
collection.dispute.open.line      -    rwcd rwcd -    -    -    rwcd rwcd rwcd
collection.dispute.reject         rwcd rwcd rwcd rwcd rwcd rwcd rwcd rwcd rwcd
collection.escalate               -    -    -    -    -    -    rwcd rwcd rwcd
collection.exclude                -    -    -    -    -    -    rwcd rwcd rwcd
collection.override               -    -    -    -    -    -    -    -    rwcd
collection.pause                  -    -    -    -    -    -    rwcd rwcd rwcd
collection.promise.cancel         -    -    -    -    -    -    rwcd rwcd rwcd
collection.promise.make           -    -    -    -    -    -    rwcd rwcd rwcd
collection.promise.make.line      -    -    -    -    -    -    rwcd rwcd rwcd
collection.reassign               -    -    -    -    -    -    -    -    rwcd
collection.reassign.line          -    -    -    -    -    -    -    -    rwcd
collection.segment.propose        -    -    -    -    -    -    -    -    rwcd
collection.segment.propose.line   -    -    -    -    -    -    -    -    rwcd
collection.simulate               -    -    -    -    -    -    rwcd rwcd rwcd
credit.approval.decide            rwcd rwcd rwcd rwcd rwcd rwcd rwcd rwcd rwcd
credit.automatic.limit.propose    -    -    -    -    -    -    -    rwcd rwcd
credit.hold.force                 -    -    -    -    -    -    -    rwcd rwcd
credit.hold.pay                   -    rwcd rwcd -    -    -    -    rwcd rwcd
credit.hold.reject                -    -    -    -    -    -    -    rwcd rwcd
credit.hold.release               -    -    -    -    -    -    -    rwcd rwcd
credit.hold.request               -    rwcd rwcd -    -    -    -    -    -
credit.hold.split                 -    -    -    -    -    -    -    rwcd rwcd
credit.hold.split.line            -    -    -    -    -    -    -    rwcd rwcd
credit.limit.generate             -    -    -    -    -    -    -    rwcd rwcd
credit.limit.import               -    -    -    -    -    -    -    rwcd rwcd
credit.limit.reject               -    -    -    -    -    -    -    rwcd rwcd
credit.order.exclude              -    -    -    -    -    -    -    rwcd rwcd
credit.policy                     -    -    -    -    -    -    -    -    rwcd
credit.risk.override              -    -    -    -    -    -    -    -    rwcd
credit.rule.try                   -    -    -    -    rwcd -    rwcd rwcd rwcd
credit.rule.try.line              -    -    -    -    rwcd -    rwcd rwcd rwcd
"""

#: What the scene has that all companies share.
SHARED = {
    "collection.department",
    "collection.segment",
    "collection.step",
    "collection.strategy",
    "credit.rule",
    "res.partner",
}

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


@tagged("post_install", "-at_install")
class TestRoleMatrix(SceneCommon):
    """Role x model x operation: a model without a line here fails."""

    def _ours(self, transient):
        """Yield our models, kept or those of dialogs."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            ours = (model._original_module or "").startswith("credit_collections")
            if ours and not model._abstract and model._transient == transient:
                yield name

    def _lines(self, table):
        return {line.split()[0]: line.split()[1:] for line in table.split("\n") if line}

    def _found(self, model, role):
        records = self.env[model].with_user(self.users[role])
        letters = (
            letter for letter, name in OPERATIONS.items() if records.has_access(name)
        )
        return "".join(letters) or "-"

    def _check(self, table, transient):
        lines = self._lines(table)
        self.assertEqual(set(lines), set(self._ours(transient)))
        wrong = {
            (model, role): found
            for model, cells in lines.items()
            for role, expected in zip(COLUMNS, cells, strict=True)
            if (found := self._found(model, role)) != expected
        }
        self.assertFalse(wrong)

    def test_what_each_role_may_do_with_what_is_kept(self):
        self._check(KEPT, transient=False)

    def test_who_is_asked_by_which_dialog(self):
        self._check(DIALOGS, transient=True)

    def test_customers_have_no_right_on_any_model(self):
        models = [*self._ours(transient=False), *self._ours(transient=True)]
        self.assertGreater(len(models), 60)
        public = self.env.ref("base.public_user")
        for user in (self.users["portal"], public):
            open_to = [
                (model, name)
                for model in models
                for name in OPERATIONS.values()
                if self.env[model].with_user(user).has_access(name)
            ]
            self.assertFalse(open_to)

    def test_nobody_of_another_company_reads_a_record_of_this_one(self):
        other = self._create_company(name="Other")
        stranger = self._user("stranger", "credit_collections.group_credit_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        read = {
            name
            for name, record in self.scene.items()
            if record.with_user(stranger).has_access("read")
        }
        self.assertEqual(read, SHARED)
