"""Jobs: what posting, paying and reconciling cost with the addons installed."""

from odoo.fields import Domain

from measure import every_side, interleaved
from prepare import QUOTATION

RECONCILED = 50


def jobs(sides, repeats=25):
    """``{job: {side: Samples}}``, the same work in every database."""
    found = {}
    for job, (work, prepare) in WORK.items():
        found[job] = interleaved(every_side(sides, work, prepare), repeats)
    return found


def _drafts(env):
    return env["account.move"].search([("ref", "=", QUOTATION)])


def _post(_env, drafts):
    drafts.action_post()
    if set(drafts.mapped("state")) != {"posted"}:
        raise AssertionError("the invoices should have been posted")
    return len(drafts)


def _open_invoices(env, number):
    domain = Domain("partner_id.name", "=", "BENCH-100") & Domain(
        "state", "=", "posted"
    )
    return env["account.move"].search(domain, order="id", limit=number)


def _pay(env, invoice):
    wizard = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    wizard.create({})._create_payments()
    return 1


def _lines_to_reconcile(env):
    """Receivables of many invoices, and the payment of them all, posted before."""
    invoices = _open_invoices(env, RECONCILED)
    values = {
        "payment_type": "inbound",
        "partner_id": invoices.partner_id.id,
        "amount": sum(invoices.mapped("amount_residual")),
    }
    payment = env["account.payment"].create(values)
    payment.action_post()
    lines = (invoices | payment.move_id).line_ids
    return lines.filtered(lambda line: line.account_type == "asset_receivable")


def _reconcile(_env, lines):
    lines.reconcile()
    return len(lines)


WORK = {
    "post 20 invoices of 5 lines": (_post, _drafts),
    "register a payment": (_pay, lambda env: _open_invoices(env, 1)),
    f"reconcile {RECONCILED} invoices": (_reconcile, _lines_to_reconcile),
}
