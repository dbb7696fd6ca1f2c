from odoo import fields, models

from ...engine.run.contact_kinds import ANSWER, DEMAND


class CollectionAsking(models.AbstractModel):
    """What a dialog that writes to customers says before it does: what speaks against
    it, in one line, and why it is sent all the same."""

    _name = "collection.asking"
    _description = "Question Before a Demand"

    collection_kind = fields.Selection(
        [(DEMAND, "Demand: asks for what is overdue"), (ANSWER, "Answer: asked for")],
        string="This Is",
        compute="_compute_collection_kind",
        store=True,
        readonly=False,
        groups="base.group_user",
    )
    collection_question = fields.Char(
        compute="_compute_collection_question", groups="base.group_user"
    )
    collection_may_send = fields.Boolean(
        compute="_compute_collection_question", groups="base.group_user"
    )
    collection_override_reason = fields.Char(
        "Send Anyway, Because", groups="base.group_user"
    )

    def _compute_collection_kind(self):
        """Say what it is, nothing where it is not about receivables; override."""
        self.collection_kind = False

    def _compute_collection_question(self):
        log = self.env["collection.interaction"]
        for dialog in self:
            line, may = "", True
            if dialog.collection_kind:
                line, may = log._foresee(dialog.collection_kind, *dialog._get_asked())
            dialog.collection_question = line or False
            dialog.collection_may_send = may

    def _get_asked(self):
        """Return ``(model, ids of the records, text)`` that are written about."""
        return "", [], ""

    def _find_kind(self, model, template):
        """Return what a message about records of a model is by default."""
        source = self.env["collection.interaction"]._get_source(model)
        if not source or source.kind != ANSWER:
            return False
        # what a text is, is no secret of who sends it
        return DEMAND if template.sudo().collection_is_demand else ANSWER

    def _answered(self):
        """Return the dialog with what was answered, for the gate."""
        self.ensure_one()
        return self.with_context(
            collection_kind=self.collection_kind
            or self.env.context.get("collection_kind"),
            collection_override_reason=self.collection_override_reason
            or self.env.context.get("collection_override_reason"),
        )
