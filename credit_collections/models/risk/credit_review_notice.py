from odoo import fields, models


class CreditReviewNotice(models.Model):
    """That somebody was told of something to review, so that it happens once."""

    _name = "credit.review.notice"
    _description = "Notice of a Review"
    _order = "id desc"
    _rec_name = "kind"

    profile_id = fields.Many2one(
        "credit.profile", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Char(required=True)
    date = fields.Date(required=True)
    activity_id = fields.Many2one(
        "mail.activity", ondelete="set null", index="btree_not_null"
    )

    _once = models.UniqueIndex("(profile_id, kind, date)")
