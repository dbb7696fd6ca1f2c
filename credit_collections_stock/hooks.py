"""What happens once, when the addon comes or goes."""

from .sql.profile import merge_delivered


def post_init_hook(env):
    """Split what was delivered off the orders; no exposure changes by it.

    Figures follow with the job: until this transaction ends nobody can read orders.
    """
    companies = env["res.company"]._credit_roots()
    companies.filtered(
        lambda company: not company.credit_count_order
    ).credit_count_delivered = False
    env["credit.profile"]._refresh_soon()


def uninstall_hook(env):
    """Leave the figures as they would be without the addon."""
    env["credit.profile"].flush_model()
    env.cr.execute(merge_delivered())
    env["credit.profile"].invalidate_model()
