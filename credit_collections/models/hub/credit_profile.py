from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import access
from ...tools.access import MANAGER, require

#: More than this many are written by one statement, where it is the same for all.
MANY = 100


class CreditProfile(models.Model):
    """The hub: what one company knows and decides about the credit of one customer.

    One per commercial partner and root company; branches share it. The figures are
    those of the last refresh, for lists; decisions read the ledger themselves.

    A field says itself what it is: a figure that nobody writes (``figure=True``), or a
    part of the policy that only credit managers change (``policy=True``).
    """

    _name = "credit.profile"
    _description = "Credit Profile"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.record.mixin"]
    _order = "overdue_amount desc, exposure desc, id"
    _check_company_auto = True
    # who may see a customer may write to colleagues about it and give them tasks
    _mail_post_access = "read"

    # found by the unique index
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        ondelete="cascade",
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
        policy=True,
    )
    # found by the index of the priority
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        ondelete="cascade",
        help="Branches share the profile of their root company.",
        policy=True,
    )
    currency_id = fields.Many2one(
        "res.currency", related="company_id.currency_id", store=True
    )
    active = fields.Boolean(default=True, policy=True)
    user_id = fields.Many2one(
        related="partner_id.user_id",
        string="Salesperson",
        tracking=False,  # on record with the partner
    )

    note = fields.Html("Internal Notes", groups=access.OFFICE)

    _partner_company_uniq = models.UniqueIndex(
        "(partner_id, company_id)",
        "This customer already has a credit profile in this company.",
    )

    # === COMPUTE === #

    @api.depends("partner_id", "company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_display_name(self):
        several = len(self.env.companies.root_id) > 1
        for profile in self:
            name = profile.partner_id.display_name or ""
            profile.display_name = (
                f"{name} ({profile.company_id.name})" if several else name
            )

    @api.model
    def _search_display_name(self, operator, value):
        return Domain("partner_id.display_name", operator, value)

    # === CONSTRAINTS === #

    @api.constrains("partner_id", "company_id")
    def _check_hub(self):
        for profile in self:
            if profile.partner_id != profile.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s. Credit is given to "
                        "the company: open its profile instead.",
                        contact=profile.partner_id.name,
                        company=profile.partner_id.commercial_partner_id.name,
                    )
                )
            if profile.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "%(branch)s is a branch. Credit profiles belong to its root "
                        "company %(root)s and are shared by all branches.",
                        branch=profile.company_id.name,
                        root=profile.company_id.root_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        new = self.browse()
        for vals in vals_list:
            new._check_may_write(vals)
        profiles = super().create(
            [{**new._prepare_written_vals(vals), **vals} for vals in vals_list]
        )
        profiles._on_written(set().union(*vals_list), None)
        return profiles

    def write(self, vals):
        self._check_may_write(vals)
        before = self._get_before_written(vals)
        res = super().write({**self._prepare_written_vals(vals), **vals})
        self._on_written(set(vals), before)
        return res

    def _write_multi(self, vals_list):
        """Write what becomes the same for many in one statement; core takes one for
        each hundred of them."""
        same = vals_list[0] if len(vals_list) > MANY else None
        fields_ = [self._fields[name] for name in same or ()]
        if (
            not fields_
            or any(field.translate or field.company_dependent for field in fields_)
            or any(vals != same for vals in vals_list)
        ):
            return super()._write_multi(vals_list)
        logged = {"write_uid": self.env.uid, "write_date": self.env.cr.now()}
        self.env.execute_query(
            SQL(
                "UPDATE credit_profile SET %s WHERE id = ANY(%s)",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in {**logged, **same}.items()
                ),
                list(self.ids),
            )
        )
        return None

    def _check_may_write(self, vals):
        """Refuse what the user may not write: the policy to all but credit managers.

        Override to refuse more. New profiles are asked with an empty recordset.
        """
        if not self.env.su and any(map(self._is_policy, vals)):
            self._check_may_set_policy()

    @api.model
    def _valid_field_parameter(self, field, name):
        return name == "policy" or super()._valid_field_parameter(field, name)

    @api.model
    def _is_policy(self, name):
        """Tell whether only credit managers may change a field."""
        field = self._fields.get(name)
        return getattr(field, "policy", False) and not field.related

    def _get_figures_refusal(self):
        return self.env._("The figures of a profile come from the ledger, not by hand.")

    def _prepare_written_vals(self, vals):
        """Return values that are written with ``vals``, which were allowed by now.

        Override to add what always goes with them; what ``vals`` say themselves counts.
        """
        return {}

    def _get_before_written(self, vals):
        """Return what :meth:`_on_written` has to know of how things were.

        Override to add keys; existing profiles only.
        """
        return {}

    def _on_written(self, names, before):
        """React to what was written. The only place for it: no room has a ``write``.

        Override to react, after ``super()``.

        :param set names: fields that were written
        :param before: what :meth:`_get_before_written` returned, ``None`` for new ones
        """

    def _merge_into(self, kept):
        """Move what belongs to these profiles to ``kept``; they are removed then.

        Override to move more, after ``super()``.
        """
        for profile in self:
            profile.message_change_thread(kept)
        self.activity_ids.res_id = kept.id

    # === ON RECORD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_record(self):
        """Refuse to delete customers of whom something is on record: it would go along,
        or nobody would know any more whose it is."""
        for records in self._get_on_record():
            raise UserError(
                self.env._(
                    "%(customers)s can't be deleted, there are records that stay: "
                    "%(records)s. Archive the customer instead.",
                    customers=", ".join(self.partner_id.mapped("name")),
                    records=records._description,
                )
            )

    def _get_on_record(self):
        """Return what is on record of these customers, a few of each kind: whatever
        refers to them and is not removed with them. Override to add what is.

        :return: list of records, none of them empty
        """
        found = []
        for model in self.env.values():
            for field in model._fields.values():
                if (
                    field.type == "many2one"
                    and field.store
                    and field.comodel_name == self._name
                    and field.ondelete == "restrict"
                    and model._auto
                    and not model._abstract
                ):
                    # of all companies, whoever deletes
                    records_sudo = model.sudo().with_context(active_test=False)
                    found.append(
                        records_sudo.search([(field.name, "in", self.ids)], limit=1)
                    )
        return [records for records in found if records]

    def _check_may_set_policy(self):
        require(
            self.env,
            self.env._(
                "Only credit managers may change limits and holds of customers."
            ),
            MANAGER,
        )

    # === ACTIONS === #

    def action_open_partner(self):
        self.ensure_one()
        return self.partner_id._get_records_action()

    # === MERGED CUSTOMERS === #

    @api.model
    def _merge(self, sources, target):
        """Make the profiles of ``sources`` those of ``target``, company by company.

        Where the target has a profile, its policy counts unless it is the default; what
        was decided for the others moves to it, and they are removed.
        """
        profiles = self.with_context(active_test=False).search(
            [("partner_id", "in", (sources + target).ids)]
        )
        for company_profiles in profiles.grouped("company_id").values():
            kept = company_profiles.filtered(lambda one: one.partner_id == target)
            kept = kept or company_profiles[0]
            merged = company_profiles - kept
            merged._merge_into(kept)
            merged.unlink()
            kept.partner_id = target
        self._forget_core_limit(sources)

    @api.model
    def _forget_core_limit(self, partners):
        """Core would write the limits of partners that go over the one that stays."""
        partners.flush_recordset(["credit_limit"])
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET credit_limit = NULL WHERE id IN %s",
                tuple(partners.ids),
            )
        )
        partners.invalidate_recordset(["credit_limit"])
