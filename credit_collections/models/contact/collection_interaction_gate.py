import re
from contextlib import contextmanager
from dataclasses import dataclass, replace

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.run import contact_kinds, guard
from ...engine.run.contact_kinds import ANSWER, DEMAND, PAPER, PERSON, RUN
from ...sql.contact.left_out import READS, left_out_of_moves
from ...tools.statements import flush

#: A page on which somebody pays.
PAY_LINK = re.compile(r"/payment/pay\b|/my/orders/\d+/credit\b")

#: What is known of the messages of a transaction beforehand: what those about some
#: documents are, whether many customers are written to, and whether their sender logs
#: them.
KINDS, MANY, LOGGED = (
    f"credit_collections.contact.{name}" for name in ("kinds", "many", "logged")
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is about to leave, about a record."""

    model: str
    res_id: int
    partners: models.BaseModel
    addresses: tuple
    channel: str
    body: str
    author: models.BaseModel
    message_id: int | None = None
    sms_uuid: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where the customer of a record is found, and what messages about it are.

    ``partners`` and ``company`` are names of fields, empty where it is the record
    itself, or where it is of no company.
    """

    partners: tuple = ()
    company: str | None = None
    kind: str = ANSWER


class CollectionInteraction(models.Model):
    """The one place where messages about receivables to a customer are seen.

    Whatever sends an e-mail or a text message makes a record of it: the chatter of a
    document, the sending of an invoice, followers, templates, mails to many. There it
    is known who gets it and about what; from there it is judged and logged.
    """

    _inherit = "collection.interaction"

    @api.model
    def _get_sources(self):
        """Return ``{model: Source}``; override to add models about whose records
        customers are written to. Documents with a ``profile_id`` need none."""
        return {
            "account.move": Source(("commercial_partner_id",), "company_id"),
            "account.payment": Source(("partner_id",), "company_id"),
            "credit.profile": Source(("partner_id",), "company_id"),
            "res.partner": Source(),
            "sale.order": Source(
                ("partner_id", "partner_invoice_id"), "company_id", PAPER
            ),
        }

    @api.model
    def _get_source(self, model):
        source = self._get_sources().get(model)
        if source or model not in self.env or model == "collection.action":
            return source  # actions log themselves
        field = self.env[model]._fields.get("profile_id")
        if field and field.comodel_name == "credit.profile":
            return Source(("profile_id.partner_id",), "profile_id.company_id")
        return None

    # === MARKS === #

    @contextmanager
    def _marked(self, name, value=True):
        """Say something about the messages of a block; nobody can by a call."""
        marks = self.env.cr.precommit.data
        before = marks.get(name)
        marks[name] = value
        try:
            yield
        finally:
            marks[name] = before

    def _get_mark(self, name):
        return self.env.cr.precommit.data.get(name)

    # === SEE === #

    @api.model
    def _see(self, outgoing):
        """Judge messages that are about to leave, and log them as on their way.

        :param outgoing: list of :class:`Outgoing`
        :return: ``{index: why it must not leave}``
        :raise UserError: instead, to a person who writes to one customer
        """
        if self._get_mark(LOGGED):
            return {}
        # what makes messages is a superuser; the sender is not
        return self.sudo(False)._see_as_sender(outgoing)

    def _see_as_sender(self, outgoing):
        found = self._find_customers(outgoing)
        seen = self._get_seen([one.message_id for one, _profile in found.values()])
        refused = {}
        for index, (one, profile) in list(found.items()):
            contact = seen.get((one.message_id, profile.id))
            if contact:
                del found[index]  # what was refused once is refused in all its e-mails
            if contact and contact.state == "failed":
                refused[index] = contact.error
        if not found:
            return refused
        sender = self._get_sender()
        is_alone = len({profile for _one, profile in found.values()}) == 1
        raises = sender == PERSON and is_alone and not self._get_mark(MANY)
        why = str(self.env.context.get("collection_override_reason") or "").strip()
        logged = []
        for index, (kind, verdict) in self._judge(found, sender).items():
            one, profile = found[index]
            if sender == RUN:
                stopped = [verdict.stops] if verdict.stops else []
                refusal = self._describe_guard(profile, stopped)
            else:
                refusal = self._get_refusal(profile, verdict, why)
            if refusal and raises:
                raise UserError(refusal)
            if refusal:
                refused[index] = refusal
            reason = verdict.stops or next(iter(verdict.asks), None)
            logged.append(
                {
                    **self._prepare_seen(one, profile),
                    "kind": kind,
                    "state": "failed" if refusal else "waiting",
                    "error": refusal,
                    "guard_reason": reason,
                    "override_reason": why if reason and not refusal else False,
                }
            )
        # every message to a customer is on record, whoever sends it
        self.sudo().create(logged)
        return refused

    def _get_seen(self, message_ids):
        """Return ``{(message_id, profile_id): contact}`` of what is logged already: a
        message may leave as several e-mails."""
        message_ids = [message_id for message_id in message_ids if message_id]
        if not message_ids:
            return {}
        # just whether they are there
        logged_sudo = self.sudo().search([("mail_message_id", "in", message_ids)])
        return {(one.mail_message_id.id, one.profile_id.id): one for one in logged_sudo}

    def _get_sender(self):
        is_person = self.env.uid != SUPERUSER_ID and self.env.user._is_internal()
        return PERSON if is_person else RUN

    def _prepare_seen(self, one, profile):
        family = one.partners.filtered(
            lambda partner: partner.commercial_partner_id == profile.partner_id
        )
        return {
            "profile_id": profile.id,
            "partner_id": family[:1].id,
            "user_id": self.env.uid,
            "channel": one.channel,
            "direction": "out",
            "mail_message_id": one.message_id,
            "sms_uuid": one.sms_uuid,
        }

    @api.model
    def _foresee(self, kind, model, res_ids, body):
        """Return in one line what speaks against messages about records, and whether
        the user may decide to send them: ``(line, may)``."""
        none = self.env["res.partner"]
        drafts = [
            Outgoing(model, res_id, none, (), "email", body, none) for res_id in res_ids
        ]
        subjects = self._find_subjects(drafts)
        drafts = [
            replace(drafts[index], partners=customers)
            for index, (customers, _root) in subjects.items()
        ]
        found = self._find_customers(drafts)
        verdicts = self.with_context(collection_kind=kind)._judge(found, PERSON)
        lines, may = [], True
        for index, (_kind, verdict) in verdicts.items():
            reasons = verdict.asks or tuple(filter(None, [verdict.stops]))
            if reasons:
                profile = found[index][1]
                described = self._describe_guard(profile, reasons)
                lines.append(f"{profile.partner_id.name}: {described}")
            may = may and (not verdict.stops or self._may_override())
        return "; ".join(dict.fromkeys(lines)), may

    # === WHO === #

    def _find_customers(self, outgoing):
        """Return ``{index: (message, profile)}`` of those that go to customers."""
        about = self._find_subjects(outgoing)
        owners = self._find_owners(one for i, one in enumerate(outgoing) if i in about)
        wanted = {}
        # a person may give any author; what customers write comes by another way
        is_by_person = self._get_sender() == PERSON
        for index, (customers, root) in about.items():
            one = outgoing[index]
            if not is_by_person and self._get_customer(one.author) in customers:
                continue  # the customer wrote it: who hears of it there is their matter
            written = set(map(self._get_customer, one.partners))
            for address in one.addresses:
                # an address of nobody, on a page of the customer, is the customer's
                written |= owners.get(address) or set(customers)
            for customer in customers:
                if customer in written:
                    wanted.setdefault((customer, root), []).append(index)
        # whether they are under credit control is no secret of who writes to them
        profiles_sudo = self.env["credit.profile"].sudo()
        profiles_sudo = profiles_sudo.search(
            [
                ("partner_id", "in", [customer.id for customer, _root in wanted]),
                ("company_id", "in", list({root.id for _customer, root in wanted})),
            ]
        )
        found = {}
        for profile in profiles_sudo if wanted else ():
            for index in wanted.get((profile.partner_id, profile.company_id), ()):
                found.setdefault(index, (outgoing[index], profile))
        return found

    def _find_subjects(self, outgoing):
        """Return ``{index: (customers, root)}`` of messages about receivables."""
        subjects = {}
        for model in {one.model for one in outgoing}:
            source = self._get_source(model)
            if not source:
                continue
            ids = {one.res_id for one in outgoing if one.model == model and one.res_id}
            # whose record it is, is no secret of who writes about it
            records_sudo = self.env[model].sudo().browse(ids).exists()
            paths = [f"{name}.commercial_partner_id" for name in source.partners]
            paths = paths or ["commercial_partner_id"]
            for path in paths:
                records_sudo.mapped(path)  # all at once
            for record_sudo in records_sudo:
                if model == "account.move" and not record_sudo.is_sale_document(
                    include_receipts=True
                ):
                    continue
                customers_sudo = self.env["res.partner"].union(
                    *(record_sudo.mapped(path) for path in paths)
                )
                company_sudo = source.company and record_sudo.mapped(source.company)
                subjects[model, record_sudo.id] = (
                    customers_sudo,
                    (company_sudo or self.env.company).root_id,
                )
        return {
            index: subjects[one.model, one.res_id]
            for index, one in enumerate(outgoing)
            if (one.model, one.res_id) in subjects
        }

    def _find_owners(self, outgoing):
        """Return ``{address: customers whose people have it}``."""
        addresses = list({address for one in outgoing for address in one.addresses})
        owners = {}
        if not addresses:
            return owners
        names = ("email_normalized", "phone_sanitized")
        partners_sudo = self.env["res.partner"].sudo()  # whose address it is
        for partner_sudo in partners_sudo.search(
            Domain.OR(Domain(name, "in", addresses) for name in names)
        ):
            customer_sudo = self._get_customer(partner_sudo)
            for name in names:
                owners.setdefault(partner_sudo[name], set()).add(customer_sudo)
        return owners

    def _get_customer(self, partner_sudo):
        """Return the customer whose people somebody is one of; none for our own."""
        if any(user._is_internal() for user in partner_sudo.user_ids):
            return partner_sudo.browse()
        return partner_sudo.commercial_partner_id

    # === WHAT === #

    def _judge(self, found, sender):
        """Return ``{index: (kind, verdict)}`` of messages to customers."""
        kinds = {index: self._get_kind(one) for index, (one, _profile) in found.items()}
        demands = {
            index: found[index] for index, kind in kinds.items() if kind == DEMAND
        }
        reasons = self._get_reasons(demands)
        # who owes nothing that is late is not reminded of it
        kinds.update(dict.fromkeys(demands.keys() - reasons.keys(), ANSWER))
        for index, (_one, profile) in found.items():
            if kinds[index] == ANSWER:
                reasons[index] = profile._get_stops()
        return {
            index: (
                kind,
                contact_kinds.judge(kind, sender, reasons.get(index, ())),
            )
            for index, kind in kinds.items()
        }

    def _get_kind(self, one):
        """Return what a message is: what is said about it, else what it is about.

        A sender may call an answer a demand and the other way round; both are stopped
        by the same few reasons. What is business paper is for us to know.
        """
        marks = self._get_mark(KINDS) or {}
        kind = marks.get((one.model, one.res_id)) or self._get_source(one.model).kind
        if kind == PAPER and (one.model, one.res_id) in marks:
            return kind
        if self._has_pay_link(one):
            return DEMAND
        said = self.env.context.get("collection_kind")
        if said == DEMAND or (said == ANSWER and kind != PAPER):
            return said
        return kind

    def _has_pay_link(self, one):
        return bool(PAY_LINK.search(one.body or ""))

    def _get_reasons(self, demands):
        """Return ``{index: what speaks against a demand}`` of those that are some: with
        a link to pay, or with something overdue. They have an address."""
        # as in _find_customers
        profiles = (
            self.env["credit.profile"]
            .sudo()
            .union(*(profile for _one, profile in demands.values()))
        )
        if not profiles:
            return {}
        expected = set(profiles._get_expecting().ids)
        facts = profiles._get_contact_facts()
        of_channel = {
            channel: profiles._get_guard_reasons(channel, expected, facts)
            for channel in {one.channel for one, _profile in demands.values()}
        }
        of_moves = self._get_reasons_of_moves(
            {one.res_id for one, _p in demands.values() if one.model == "account.move"}
        )
        reasons = {}
        for index, (one, profile) in demands.items():
            if not (profile._owes(facts[profile.id]) or self._has_pay_link(one)):
                continue
            known = set(of_channel[one.channel][profile.id])
            if one.model == "account.move":
                known |= of_moves.get(one.res_id, set())
            known.discard(guard.NO_ADDRESS)
            reasons[index] = tuple(
                reason for reason in guard.REASONS if reason in known
            )
        return reasons

    def _get_reasons_of_moves(self, move_ids):
        """Return ``{move_id: reasons}`` why what is open of documents is not asked for,
        whatever else the customer owes."""
        if not move_ids:
            return {}
        flush(self.env, READS)
        moves_sudo = self.env["account.move"].sudo().browse(move_ids)  # as above
        found = {}
        for root, moves in moves_sudo.grouped(
            lambda move: move.company_id.root_id
        ).items():
            statement = left_out_of_moves(root._credit_pot(), moves.ids)
            for move_id, reason in self.env.execute_query(statement):
                found.setdefault(move_id, set()).add(reason)
        return found
