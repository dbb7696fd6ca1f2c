import logging

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.tools import format_date, frozendict

from ...engine.promise import promises as engine
from ..contact.collection_interaction_gate import LOGGED

_logger = logging.getLogger(__name__)


class CollectionPromise(models.Model):
    """Who hears of promises that were not kept: their owner, and the customer."""

    _inherit = "collection.promise"

    activity_id = fields.Many2one(
        "mail.activity", readonly=True, ondelete="set null", index="btree_not_null"
    )

    def _on_judged(self, before):
        """Do what follows from new verdicts.

        :param before: ``{promise_id: state}`` before them
        """
        self._on_changed()
        moved = self.filtered(lambda promise: promise.state != before[promise.id])
        moved._log_states()
        moved.filtered(lambda one: one.state not in engine.MISSED)._drop_activities()
        missed = moved.filtered(
            lambda one: (
                one.state in engine.MISSED and before[one.id] not in engine.MISSED
            )
        )
        if missed:
            missed._tell_owners()
            missed._tell_customers()

    def _log_states(self, note=None):
        """Put the new states on record, and why where there is a reason."""
        states = dict(self._fields["state"]._description_selection(self.env))
        bodies = {}
        for promise in self:
            why = note or promise.cancel_reason_id.name
            state = states[promise.state]
            bodies[promise.id] = f"{state}: {why}" if why else state
        if bodies:
            self._message_log_batch(
                bodies=bodies, author_id=self.env.user.partner_id.id
            )

    def _drop_activities(self):
        """What was to be done about a broken promise has settled itself."""
        self.activity_id.unlink()

    # === OWNER === #

    def _tell_owners(self):
        """Make an activity for each promise that was missed, on the profile."""
        activity_type = self.env.ref("mail.mail_activity_data_call")
        model_id = self.env["ir.model"]._get_id("credit.profile")
        told = self._get_told()
        # activities name their customers one by one: have the names at hand
        self.profile_id.mapped("display_name")
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True  # no notification mail for each of them
        )
        activities = activities.create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "res_model_id": model_id,
                    "res_id": promise.profile_id.id,
                    "user_id": told[promise].id,
                    "summary": promise._get_broken_summary(),
                    "date_deadline": promise.company_id._credit_today(),
                    "automated": True,
                }
                for promise in self
            ]
        )
        for promise, activity in zip(self, activities, strict=True):
            promise.activity_id = activity

    def _get_told(self):
        """Return ``{promise: who hears that it was missed}``."""
        told = {}
        for company, promises in self.grouped("company_id").items():
            manager = company._credit_approver()
            # a parameter of the policy, which holds in branches too
            wanted = company.sudo().collection_promise_told
            names = {"collector": "collector_id", "salesperson": "user_id"}
            name = names.get(wanted)
            everybody = promises.profile_id[name] if name else manager.browse()
            workers = everybody._get_workers(company, company._credit_today())
            for promise in promises:
                user = promise.profile_id[name] if name else manager
                told[promise] = workers.get(user, manager)
        return told

    def _get_broken_summary(self):
        values = {
            "amount": self.currency_id.format(self.amount),
            "missing": self.currency_id.format(self.due_amount - self.kept_amount),
            "date": format_date(self.env, self.date),
        }
        if self.state == engine.PARTLY_KEPT:
            return self.env._(
                "Promise kept only in part: %(missing)s of %(amount)s for %(date)s is "
                "missing",
                **values,
            )
        return self.env._("Promise broken: %(amount)s for %(date)s", **values)

    # === CUSTOMER === #

    def _tell_customers(self):
        """Write to the customers, where the company wants it and the guard lets it."""
        for company, promises in self.grouped("company_id").items():
            channel = company.sudo().collection_promise_notice  # as above
            if channel != "none":
                promises._tell_by(channel)

    def _tell_by(self, channel):
        reasons = self.profile_id._guard_reasons(channel)
        told = self.filtered(lambda promise: not reasons[promise.profile_id.id])
        skipped = self.env["collection.interaction"]._get_guard_labels()
        left_alone = self - told
        if left_alone:
            left_alone._message_log_batch(
                bodies={
                    promise.id: self.env._(
                        "The customer was not told: %s",
                        skipped[reasons[promise.profile_id.id]],
                    )
                    for promise in left_alone
                }
            )
        if told:
            told._attempt_to_tell(channel, told.profile_id._get_contacts_of(channel))

    def _attempt_to_tell(self, channel, contacts):
        """Tell all customers at once; when that fails, one by one.

        A text that fails stops neither the books nor others.

        :param contacts: ``{profile: who is written to}``
        """
        try:
            log_sudo = self.env["collection.interaction"].sudo()  # sent, so on record
            with self.env.cr.savepoint(), log_sudo._marked(LOGGED):
                sent = getattr(self, f"_tell_by_{channel}")(contacts)
                log_sudo.create(
                    [
                        {
                            **promise._prepare_notice(
                                channel, contacts[promise.profile_id]
                            ),
                            **values,
                        }
                        for promise, values in zip(self, sent, strict=True)
                    ]
                )
        except OperationalError:
            raise  # the transaction is done again as a whole
        except Exception as error:
            if len(self) > 1:
                for promise in self:
                    promise._attempt_to_tell(channel, contacts)
                return
            _logger.warning("promise %s: customer not told", self.id, exc_info=True)
            self._message_log(
                body=self.env._("The customer could not be told: %s", error)
            )

    def _prepare_notice(self, channel, contact):
        """Return the values of the contact that telling the customer is."""
        return {
            "profile_id": self.profile_id.id,
            "partner_id": contact.id,
            "channel": channel,
            "direction": "out",
            "user_id": self.env.uid,
            "state": "waiting",
            "promise_id": self.id,
            "agreed": self._get_broken_summary(),
            "move_line_ids": self.line_ids.move_line_id.ids,
        }

    def _tell_by_email(self, contacts):
        template = self.env.ref("credit_collections.mail_template_promise_broken")
        recipients = {one.id: contacts[one.profile_id].id for one in self}
        mails = template.with_context(
            collection_recipients=frozendict(recipients)
        ).send_mail_batch(self.ids)
        # which of them it is, whoever may read e-mails
        return [{"mail_message_id": mail.sudo().mail_message_id.id} for mail in mails]

    def _tell_by_sms(self, contacts):
        template = self.env.ref("credit_collections.sms_template_promise_broken")
        bodies = template._render_field("body", self.ids, compute_lang=True)
        texts = self.env["sms.sms"].create(
            [
                {
                    "partner_id": contacts[one.profile_id].id,
                    "number": contacts[one.profile_id].phone,
                    "body": bodies[one.id],
                }
                for one in self
            ]
        )
        return [{"sms_uuid": text.uuid} for text in texts]
