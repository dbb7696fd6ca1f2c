from odoo import models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

from ...engine.run import collection
from ...sql.channel.collection_effects import refresh_amounts, refresh_lines
from ...sql.run.collection_items import still_open
from ...tools import access
from ...tools.batches import for_people
from ...tools.client_actions import notification

REPORT = "credit_collections.collection_letter_report"


class CollectionAction(models.Model):
    """Letters of actions: wait until somebody prints them, then they are done."""

    _inherit = "collection.action"

    def _do_letter(self):
        self._set_queued()

    # === PRINT === #

    def action_print_letters(self):
        """Print letters as one PDF: those that wait are done with it.

        Letters that were printed before can be printed again; nobody is contacted by
        that, so nothing changes.
        """
        self._check_may_print()
        letters = self.filtered(
            lambda action: (
                action.channel == "letter" and action.state in ("queued", "sent")
            )
        )
        if not letters:
            raise UserError(self.env._("There is no letter to print among these."))
        # sudo: collectors only read actions, and print what was decided
        letters_sudo = letters.sudo()._drop_paid()
        if not letters_sudo:
            raise UserError(self.env._("All of these have been paid in the meantime."))
        # made here and now, so that letters are only done when there is a PDF of them
        files = []
        errors = for_people(
            letters_sudo,
            lambda some: files.append(some._render_letters()),
            "printing letters",
        )
        broken_sudo = letters_sudo.browse().union(*errors)
        done_sudo = letters_sudo - broken_sudo
        done_sudo.filtered(lambda action: action.state == "queued")._succeed()
        for letter_sudo, error in errors.items():
            letter_sudo._fail(error)
        printed = done_sudo._keep_print(files)
        return self._tell_broken(errors, printed) if errors else printed

    def _tell_broken(self, errors, printed):
        """Return a message that names the letters that could not be made, before the
        download of the others."""
        lines = [
            f"{letter.commercial_partner_id.name}: {error}"
            for letter, error in errors.items()
        ]
        title = self.env._("%s letters could not be printed", len(errors))
        # several people may print from one run
        self.run_id[:1].sudo().message_post(body="\n".join([title, *lines]))
        return notification(
            "\n".join(lines), "warning", title=title, sticky=True, follows=printed
        )

    def _keep_print(self, files):
        """Return the download of the PDF, which is kept with the run.

        :param files: ``[(content, kind)]`` of these letters
        """
        contents, kinds = zip(*files, strict=True)
        kind = kinds[0]
        if len(contents) == 1:
            content = contents[0]
        else:
            content = merge_pdf(contents) if kind == "pdf" else b"".join(contents)
        run = self.run_id[:1]
        title = self.env._("Letters %s", run.name)
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{title}.{kind}",
                "raw": content,
                "res_model": run._name,
                "res_id": run.id,
            }
        )
        run.message_post(
            body=self.env._("Letters printed: %s", len(self)),
            attachment_ids=attachment.ids,
            author_id=self.env.user.partner_id.id,
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def _render_letters(self):
        """Return ``(content, kind)`` of one document with all letters.

        A wkhtmltopdf without the patches of Qt, that of Debian for instance, makes one
        document at a time: several are refused, and made one by one.
        """
        return self.env["ir.actions.report"]._render_qweb_pdf(REPORT, self.ids)

    def _check_may_print(self):
        self.check_access("read")
        access.require(
            self.env, self.env._("Only collectors print letters."), access.COLLECTOR
        )

    def _drop_paid(self):
        """Read again what is open of letters that wait, and leave out who has paid."""
        waiting = self.filtered(lambda action: action.state == "queued")
        if not waiting:
            return self
        self.env["account.move.line"].flush_model()
        self.flush_recordset()
        open_ids = {row[0] for row in self.env.execute_query(still_open(waiting.ids))}
        paid = waiting.filtered(lambda action: action.id not in open_ids)
        paid._set_state("skipped", skip_reason=collection.PAID, cost=0.0)
        self.env.cr.execute(refresh_lines((waiting - paid).ids))
        self.env.cr.execute(refresh_amounts((waiting - paid).ids))
        self.env["collection.action.line"].invalidate_model(flush=False)
        self.invalidate_recordset(["line_ids", "amount", "item_count"], flush=False)
        return self - paid

    def _get_letter(self):
        """Return ``(subject, body)`` of the letter, in the language of the contact."""
        template = self.step_id.mail_template_id
        values = template._generate_template(self.ids, ("subject", "body_html"))
        return values[self.id]["subject"], values[self.id]["body_html"]
