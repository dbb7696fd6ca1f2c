from odoo import fields, models


class CreditPolicyMixin(models.AbstractModel):
    """The parameters of the credit policy of a company, to be shown and changed."""

    _name = "credit.policy.mixin"
    _description = "Parameters of the Credit Policy"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    credit_timezone = fields.Selection(
        related="company_id.credit_timezone", readonly=False
    )
    credit_default_policy = fields.Selection(
        related="company_id.credit_default_policy", readonly=False
    )
    credit_default_limit = fields.Monetary(
        related="company_id.credit_default_limit", readonly=False
    )
    credit_count_overdue = fields.Boolean(
        related="company_id.credit_count_overdue", readonly=False
    )
    credit_count_not_due = fields.Boolean(
        related="company_id.credit_count_not_due", readonly=False
    )
    credit_count_unapplied = fields.Boolean(
        related="company_id.credit_count_unapplied", readonly=False
    )
    credit_count_draft = fields.Boolean(
        related="company_id.credit_count_draft", readonly=False
    )
    credit_count_order = fields.Boolean(
        related="company_id.credit_count_order", readonly=False
    )
    credit_count_delivered = fields.Boolean(
        related="company_id.credit_count_delivered", readonly=False
    )
    credit_count_deposit = fields.Boolean(
        related="company_id.credit_count_deposit", readonly=False
    )
    credit_order_horizon_days = fields.Integer(
        related="company_id.credit_order_horizon_days", readonly=False
    )
    credit_approver_id = fields.Many2one(
        related="company_id.credit_approver_id",
        readonly=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    credit_controller_authority = fields.Monetary(
        related="company_id.credit_controller_authority", readonly=False
    )
    credit_release_validity_days = fields.Integer(
        related="company_id.credit_release_validity_days", readonly=False
    )
    credit_release_tolerance = fields.Float(
        related="company_id.credit_release_tolerance", readonly=False
    )
    credit_release_validity_cap_days = fields.Integer(
        related="company_id.credit_release_validity_cap_days", readonly=False
    )
    credit_release_tolerance_cap = fields.Float(
        related="company_id.credit_release_tolerance_cap", readonly=False
    )
    credit_auto_release = fields.Boolean(
        related="company_id.credit_auto_release", readonly=False
    )
    credit_approval_reminder_days = fields.Integer(
        related="company_id.credit_approval_reminder_days", readonly=False
    )
    credit_limit_manual_edit = fields.Boolean(
        related="company_id.credit_limit_manual_edit", readonly=False
    )
    credit_limit_maximum = fields.Monetary(
        related="company_id.credit_limit_maximum", readonly=False
    )
    credit_limit_validity_months = fields.Integer(
        related="company_id.credit_limit_validity_months", readonly=False
    )
    credit_review_days = fields.Integer(
        related="company_id.credit_review_days", readonly=False
    )
    credit_blank_expiry_blocks = fields.Boolean(
        related="company_id.credit_blank_expiry_blocks", readonly=False
    )
    credit_overdue_tolerance = fields.Monetary(
        related="company_id.credit_overdue_tolerance", readonly=False
    )
    credit_skip_intercompany = fields.Boolean(
        related="company_id.credit_skip_intercompany", readonly=False
    )
    credit_gone_bad_days = fields.Integer(
        related="company_id.credit_gone_bad_days", readonly=False
    )
    collection_promise_grace_days = fields.Integer(
        related="company_id.collection_promise_grace_days", readonly=False
    )
    collection_promise_told = fields.Selection(
        related="company_id.collection_promise_told", readonly=False
    )
    collection_promise_notice = fields.Selection(
        related="company_id.collection_promise_notice", readonly=False
    )
    collection_silence_days = fields.Integer(
        related="company_id.collection_silence_days", readonly=False
    )
    collection_count_registered = fields.Boolean(
        related="company_id.collection_count_registered", readonly=False
    )
    collection_bank_days = fields.Integer(
        related="company_id.collection_bank_days", readonly=False
    )
