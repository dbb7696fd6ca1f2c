from odoo import api, models
from odoo.exceptions import AccessError

from ...engine import cases
from ...sql.case import READS, free_items, put_into_cases
from ...tools import access
from ...tools.statements import flush


class CollectionCase(models.Model):
    """Opening cases, one customer or many, and closing them by what the ledger says."""

    _inherit = "collection.case"

    # === OPEN === #

    @api.model
    def _open_for(self, profiles, step=None, user=None, *, only_overdue=True):
        """Open a case for each customer, with what is open and in no case yet.

        Where a customer has an open case, the items go into that one. As many
        statements for one customer as for many.

        :param profiles: profiles of any companies
        :param step: the step of a strategy that opens the cases
        :param user: who owns them; the collector of each customer where there is none,
            see ``_get_owners`` for steps
        :param only_overdue: take overdue items only; all that is open otherwise
        :return: the cases, new and old ones
        """
        rows = []
        flush(self.env, READS)
        for root, of_root in profiles.grouped("company_id").items():
            pot = root.sudo()._credit_pot()  # what is open is open for all
            rows += self.env.execute_query(free_items(pot, of_root.ids, only_overdue))
        found = {}
        for profile_id, item_id, amount in rows:
            found.setdefault(profile_id, []).append((item_id, float(amount)))
        found_profiles = profiles.browse(found)
        values, owners = {}, None
        if step:
            values, owners = {"step_id": step.id}, self._get_owners(found_profiles)
        return self._open_with(found_profiles, found, user, owners, **values)

    @api.model
    def _get_owners(self, profiles):
        """Return ``{profile_id: user}`` who works on the cases that steps open.

        The collector or who stands in today, else the credit manager.
        """
        owners = {}
        # who collects is no secret, whoever starts the run
        for company, of_company in profiles.sudo().grouped("company_id").items():
            manager = company.with_env(self.env)._credit_approver()
            collectors = of_company.collector_id.with_env(self.env)
            today = company._credit_today()
            workers = (collectors | manager)._get_workers(company, today)
            for profile in of_company:
                owners[profile.id] = workers[
                    profile.collector_id.with_env(self.env) or manager
                ]
        return owners

    @api.model
    def _open_with(self, profiles, items_of, user=None, owners=None, **values):
        """Open cases with these items.

        :param items_of: ``{profile_id: [(item_id, open amount)]}``
        :param user: who owns all of them
        :param owners: ``{profile_id: user}``; the collector of each customer without,
            and who opens the case where there is none
        """
        # whoever opens cases was checked; the ledger only gets a mark
        cases_sudo = self.sudo().with_context(tracking_disable=True)
        opened = cases_sudo.search(
            [("profile_id", "in", profiles.ids), ("state", "in", ("open", "legal"))]
        )

        def owner_of(profile):
            if owners:
                return owners[profile.id]
            present = profile.collector_id._get_present(profile.company_id)
            return present or self.env.user

        case_of = {case.profile_id.id: case for case in opened.sorted("id")}
        missing = profiles.filtered(lambda profile: profile.id not in case_of)
        new = cases_sudo.create(
            [
                {
                    "open_date": profile.company_id._credit_today(),
                    **values,
                    "profile_id": profile.id,
                    "user_id": (user or owner_of(profile)).id,
                }
                for profile in missing.sudo()  # the collector is no secret
            ]
        )
        case_of.update({case.profile_id.id: case for case in new})
        for profile_id, items in items_of.items():
            case_of[profile_id].amount += sum(amount for _item, amount in items)
        pairs = [
            (item_id, case_of[profile_id].id)
            for profile_id, items in items_of.items()
            for item_id, _amount in items
        ]
        cases_sudo._put_items(pairs)
        author = self.env.user.partner_id.id
        new._message_log_batch(
            bodies=dict.fromkeys(new.ids, self.env._("Case opened")), author_id=author
        )
        return self.browse(case.id for case in case_of.values())

    def _assign(self, user):
        """Give cases to an owner."""
        self.check_access("write")
        others = self.filtered(lambda case: case.user_id != user)
        others.sudo().with_context(  # no mail for each of them
            mail_auto_subscribe_no_notify=True
        ).user_id = user

    @api.model
    def _put_items(self, pairs):
        if not pairs:
            return
        self.flush_model()
        self.env["account.move.line"].flush_model(["case_id"])
        self.env.cr.execute(put_into_cases(pairs))
        items = self.env["account.move.line"].browse(item_id for item_id, _ in pairs)
        items.invalidate_recordset(["case_id"], flush=False)
        self.invalidate_model(["move_line_ids"], flush=False)

    @api.model
    def _check_may_open(self, profiles):
        """Collectors and accountants open cases, managers for many at once."""
        profiles.check_access("read")
        if access.is_allowed(self.env, access.MANAGER):
            return
        if len(profiles) > 1:
            raise AccessError(
                self.env._("Only credit managers open cases of many customers at once.")
            )
        access.require(
            self.env,
            self.env._("Only collectors and accountants open cases."),
            access.COLLECTOR,
            "account.group_account_invoice",
        )

    # === CLOSE AND OPEN AGAIN === #

    @api.model
    def _on_matched(self, items):
        """Close cases whose last item was settled.

        :param items: matched items that are in cases
        """
        # matching is the right that counts, whoever owns the case
        items.sudo().case_id._close_settled()

    @api.model
    def _on_unmatched(self, items):
        """Go on with closed cases of which an item is open again."""
        items.sudo().case_id._open_again()  # see _on_matched

    def _close_settled(self):
        """Close those of the cases whose items are all settled, with the reason."""
        going_on = self.filtered(lambda case: case.state != "closed")
        counts = {row[0]: row[1:] for row in going_on._read_items()}
        done = going_on.filtered(
            lambda case: (
                case.id in counts
                and cases.is_settled(counts[case.id][1], counts[case.id][0])
            )
        )
        amounts = {case.id: {} for case in done}
        for case_id, kind, amount, _since in done._read_settled():
            amounts[case_id][kind] = float(amount)
        done._close(
            {case_id: cases.close_reason(parts) for case_id, parts in amounts.items()}
        )

    def _close(self, reasons):
        """Close cases, each for its reason.

        :param reasons: ``{case_id: reason}``
        """
        labels = dict(self._fields["close_reason"]._description_selection(self.env))
        for (reason, today), some in self.grouped(
            lambda one: (reasons[one.id], one.company_id._credit_today())
        ).items():
            some._set_state("closed", close_reason=reason, closed_date=today)
        self._release_profiles()
        # whoever settles the items closes the tasks of all
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        self.sudo()._message_log_batch(  # on record, whoever closes it
            bodies={
                case.id: self.env._("Case closed: %s", labels[reasons[case.id]])
                for case in self
            }
        )

    def _open_again(self):
        closed = self.filtered(lambda case: case.state == "closed")
        counts = {row[0]: row[2] for row in closed._read_items()}
        again = closed.filtered(
            lambda case: cases.opens_again(
                case.state, case.close_reason, counts.get(case.id, 0)
            )
        )
        for handed, of_kind in again.grouped("is_handed_over").items():
            state = "legal" if handed else "open"
            of_kind._set_state(state, close_reason=False, closed_date=False)
        again.filtered("is_handed_over")._take_profiles()
        again.sudo()._message_log_batch(  # see _close
            bodies=dict.fromkeys(
                again.ids, self.env._("Open again: an item is not settled any more.")
            )
        )
