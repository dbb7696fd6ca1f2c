from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ...tools import access
from ...tools.client_actions import open_dialog


class CollectionCase(models.Model):
    """Handing cases over to lawyers and agencies, and taking them back."""

    _inherit = "collection.case"

    is_handed_over = fields.Boolean(readonly=True, copy=False)
    handed_to_id = fields.Many2one(
        "res.partner",
        "Handed Over To",
        readonly=True,
        copy=False,
        tracking=True,
        help="The lawyer, agency or receiver.",
    )
    handed_date = fields.Date("Handed Over On", readonly=True, copy=False)
    handed_reference = fields.Char(
        "Their Reference", readonly=True, copy=False, tracking=True
    )
    handed_amount = fields.Monetary("Handed Over", readonly=True, copy=False)
    returned_date = fields.Date("Taken Back On", readonly=True, copy=False)
    was_legal = fields.Boolean(
        readonly=True,
        copy=False,
        help="The customer was in legal hands before the case was handed over.",
    )

    def action_hand_over(self):
        """Ask who takes the case over."""
        self._check_may_hand_over()
        self.ensure_one()
        return open_dialog(
            self.env,
            "collection.case.handover",
            self.env._("Hand Over"),
            case_id=self.id,
        )

    def action_take_back(self):
        """Collect cases ourselves again."""
        self._check_may_hand_over()
        for case in self:
            if case.state != "legal":
                raise UserError(self.env._("%s was not handed over.", case.name))
        for company, of_company in self.grouped("company_id").items():
            of_company._set_state(
                "open",
                stage="demand",
                is_handed_over=False,
                returned_date=company._credit_today(),
            )
        self._release_profiles()
        return True

    def _hand_over(self, stage, partner, date, reference, amount):
        """Hand a case over; nobody else contacts the customer from now on.

        :param stage: ``legal``, ``agency`` or ``insolvency``
        :param amount: what is handed over, in company currency
        """
        self.ensure_one()
        self._check_may_hand_over()
        if not 0 < amount <= self.open_amount + self.currency_id.rounding / 2:
            raise UserError(
                self.env._(
                    "Hand over an amount up to what is open: %s.", self._format_open()
                )
            )
        was_legal = self._was_legal_before()
        self._set_state("legal")
        self.sudo().write(  # checked above; who has it already may give it to others
            {
                "stage": stage,
                "is_handed_over": True,
                "was_legal": was_legal,
                "handed_to_id": partner.id,
                "handed_date": date,
                "handed_reference": reference,
                "handed_amount": amount,
                "returned_date": False,
            }
        )
        self._take_profiles()
        self.message_post(
            body=self.env._(
                "Handed over to %(partner)s on %(date)s: %(amount)s",
                partner=partner.display_name,
                date=format_date(self.env, date),
                amount=formatLang(self.env, amount, currency_obj=self.currency_id),
            ),
            subtype_xmlid="mail.mt_note",
        )

    def _format_open(self):
        return formatLang(self.env, self.open_amount, currency_obj=self.currency_id)

    def _check_may_hand_over(self):
        self._check_open()
        access.require(
            self.env,
            self.env._("Only credit controllers hand cases over and take them back."),
            access.CONTROLLER,
        )

    # === THE CUSTOMER === #

    def _was_legal_before(self):
        """Tell whether the customer was marked legal by hand, not by a case."""
        if self.state == "legal":
            return self.was_legal
        # the mark of a customer whose case is handed over
        return self.sudo().profile_id.is_legal and not self._others_handed_over()

    def _take_profiles(self):
        """Let collection runs leave the customers to the lawyers."""
        self.sudo().profile_id.is_legal = True  # follows from handing over a case

    def _release_profiles(self):
        """Let collection runs see customers again of whom no case is handed over."""
        handed_sudo = self.sudo().filtered("handed_to_id")  # as in _take_profiles
        kept_sudo = handed_sudo._others_handed_over().profile_id
        free_sudo = (
            handed_sudo.filtered(lambda case: not case.was_legal).profile_id - kept_sudo
        )
        free_sudo.filtered("is_legal").is_legal = False

    def _others_handed_over(self):
        return self.sudo().search(  # of the same customers, whoever owns them
            [
                ("profile_id", "in", self.sudo().profile_id.ids),
                ("state", "=", "legal"),
                ("id", "not in", self.ids),
            ]
        )
