from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...engine import approval
from ...tools.access import CONTROLLER, MANAGER, has_any, require


class CreditApprovalSubstitute(models.Model):
    """Who approves in the place of somebody who is away."""

    _name = "credit.approval.substitute"
    _description = "Substitute for Approvals"
    _order = "date_from desc, id desc"

    user_id = fields.Many2one(
        "res.users",
        string="Approver",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
        help="Who is away, and goes on to decide all the same if present.",
    )
    substitute_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        help="Decides in the place of the approver, in the approver's name.",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env.company._credit_today(),
        help="First day.",
    )
    date_to = fields.Date("Until", help="Last day. Empty: until further notice.")
    document = fields.Selection(
        selection="_selection_document", string="Only For", help="Empty: everything."
    )
    is_in_force = fields.Boolean(
        "In Force", compute="_compute_is_in_force", search="_search_is_in_force"
    )

    _check_dates = models.Constraint(
        "CHECK (date_to >= date_from)",
        "The last day of the absence comes before the first one.",
    )
    _check_substitute = models.Constraint(
        "CHECK (substitute_id <> user_id)", "Nobody stands in for oneself."
    )

    # === COMPUTE === #

    @api.model
    def _selection_document(self):
        return self.env["credit.approval.tier"]._selection_document()

    @api.depends("user_id.name", "substitute_id.name")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = self.env._(
                "%(substitute)s for %(approver)s",
                substitute=entry.substitute_id.name or "",
                approver=entry.user_id.name or "",
            )

    @api.depends("date_from", "date_to")
    def _compute_is_in_force(self):
        found = self.filtered_domain(self._in_force_domain())
        for entry in self:
            entry.is_in_force = entry in found

    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._in_force_domain()

    @api.model
    def _in_force_domain(self, day=None):
        """Return what finds those in force on a day, default that of the company whose
        user is away."""

        def by_day(name, operator):
            if day:
                return Domain(name, operator, day)
            return self.env["res.company"]._credit_day_domain(
                name, operator, company="user_id.company_id"
            )

        return by_day("date_from", "<=") & (
            Domain("date_to", "=", False) | by_day("date_to", ">=")
        )

    # === CONSTRAINTS === #

    @api.constrains("substitute_id")
    def _check_may_stand_in(self):
        for entry in self:
            if not self._has_say(entry.substitute_id):
                raise ValidationError(
                    self.env._(
                        "%s decides on nothing: a substitute is a credit controller, a "
                        "credit manager, or named by an approval tier.",
                        entry.substitute_id.name,
                    )
                )

    @api.model
    def _has_say(self, user):
        """Tell whether somebody has a say in approvals: by role, or named by a tier."""
        # roles of others, and tiers that name them, decide on rights, whoever asks
        user_sudo = user.sudo()
        if not user_sudo.active or user_sudo.share:
            return False
        if has_any(user_sudo, CONTROLLER, MANAGER):
            return True
        named = Domain("user_ids", "in", user_sudo.ids) | Domain(
            "group_id", "in", user_sudo.all_group_ids.ids
        )
        tiers_sudo = self.env["credit.approval.tier"].sudo()  # see above
        return bool(tiers_sudo.search_count(named, limit=1))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._check_may_name()
        entries._tell_approvers()
        return entries

    def write(self, vals):
        self._check_may_name()
        if "user_id" in vals and any(one.user_id.id != vals["user_id"] for one in self):
            require(
                self.env,
                self.env._("Only credit managers change who is stood in for."),
                MANAGER,
            )
        res = super().write(vals)
        self._tell_approvers()
        return res

    def unlink(self):
        self._check_may_name()
        return super().unlink()

    def _check_may_name(self):
        """Everybody names substitutes for oneself; credit managers for all."""
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        if self.user_id - self.env.user:
            raise AccessError(
                self.env._("Only credit managers name substitutes for others.")
            )

    def _tell_approvers(self):
        """Tell those who are stood in for, where somebody else arranged it."""
        for entry in self.filtered(lambda one: one.user_id != self.env.user):
            # who is told need not be seen by who names the substitute
            entry_sudo = entry.sudo()
            partner = entry_sudo.user_id.partner_id
            words = entry_sudo.with_context(lang=partner.lang).env._(
                "%(user)s arranged that %(substitute)s approves in your place, from "
                "%(begin)s on.",
                user=self.env.user.name,
                substitute=entry_sudo.substitute_id.name,
                begin=format_date(self.env, entry.date_from, lang_code=partner.lang),
            )
            partner.message_notify(
                partner_ids=partner.ids,
                subject=entry_sudo.display_name,
                body=words,
            )

    # === DECISIONS === #

    @api.model
    def _get_in_force(self, day=None, **users):
        """Return the substitutes of today for the engine.

        :param day: the day of the company whose document it is; see
            :meth:`_in_force_domain`
        :param users: ``user_id`` or ``substitute_id``: only those of this user
        """
        domain = self._in_force_domain(day)
        for name, user_id in users.items():
            domain &= Domain(name, "=", user_id)
        # who stands in for whom decides on rights, whoever asks
        entries_sudo = self.sudo().search(domain, order="id")
        return [
            approval.Substitute(
                user_id=entry.user_id.id,
                substitute_id=entry.substitute_id.id,
                date_from=entry.date_from,
                date_to=entry.date_to or None,
                document=entry.document or None,
            )
            for entry in entries_sudo
            # somebody may have lost the role since
            if self._has_say(entry.substitute_id)
        ]
