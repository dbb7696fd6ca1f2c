from odoo import models
from odoo.exceptions import AccessError

from ...tools.protected import guard, take_guard_away


class Base(models.AbstractModel):
    """Fields that nobody writes by hand, and configuration that companies share.

    All models of the addon are guarded, and those of others on which it has fields that
    are read-only, without a line of their own: see ``tools/protected.py``. A model says
    only what is different with it.
    """

    _inherit = "base"

    #: Fields that nobody writes by hand, beside those that are read-only.
    _credit_protected_more = frozenset()

    #: Read-only fields that the model itself says who may write: ``{name: why}``.
    _credit_by_hand = {}

    #: Other fields whose default no context and no user chooses.
    _credit_own_default = frozenset()

    #: Read-only fields that users may give to new records: ``{name: why}``.
    _credit_born_with = {}

    #: Fields by which a record is handed on, maybe to where one no longer sees it:
    #: ``{name: why}``.
    _credit_handed_on = {}

    #: What is in force, worked out when models are set up.
    _credit_protected = frozenset()
    _credit_protected_new = frozenset()
    _credit_defaults = frozenset()
    _credit_moving = frozenset()
    _credit_pointing = frozenset()

    def _register_hook(self):
        guard(self)
        return super()._register_hook()

    def _unregister_hook(self):
        take_guard_away(self)
        return super()._unregister_hook()

    def _get_protected_refusal(self, names):
        """Return why fields are not written by hand; override to say where they come
        from."""
        labels = sorted(
            self._fields[name]._description_string(self.env) for name in names
        )
        return self.env._(
            "%(fields)s: written by the system and by decisions, not by hand.",
            fields=", ".join(map(str, labels)),
        )

    # === SHARED === #

    def _get_shared(self):
        """Return those of these records that count for all companies.

        By default those without a company, where the model has one that may be empty.
        """
        company = self._fields.get("company_id")
        if not company or not company.store or company.required:
            return self.browse()
        # which company it is may be no data of the user
        return self.filtered(lambda one: not one.sudo().company_id)

    def _check_may_share(self):
        """Refuse to touch what all companies share to those who act for some alone.

        :raise AccessError: it takes a member of every company, or of a branch of each
        """
        if self._get_shared() and not self._may_act_for_all_companies():
            raise AccessError(
                self.env._(
                    "This counts for all companies. Only members of all of them may "
                    "make, change or remove it; make one for your company instead."
                )
            )

    def _may_act_for_all_companies(self):
        """Tell whether the user is a member of every company that has customers under
        credit control, or of a branch of it."""
        # which companies there are is no data of the user
        mine_sudo = self.env.user.sudo().company_ids.root_id
        profiles_sudo = self.env["credit.profile"].sudo()
        return not profiles_sudo.with_context(active_test=False).search_count(
            [("company_id", "not in", mine_sudo.ids)], limit=1
        )
