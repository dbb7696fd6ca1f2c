"""What happens once, when the addon comes into a database with years of data."""


def post_init_hook(env):
    """Let core's default limits count, and leave everything else to the jobs.

    Until this transaction ends nobody can read core's tables, which have new columns.
    """
    for root in env["res.company"]._credit_roots():
        _take_over_default_limit(env, root)
    env["credit.profile"]._begin_install()


def _take_over_default_limit(env, root):
    """Core's default limit counts where core's feature is switched on."""
    default = (
        env["ir.default"]
        .with_company(root)
        ._get("res.partner", "credit_limit", company_id=root.id)
    )
    if root.account_use_credit_limit and default:
        root.write(
            {"credit_default_policy": "limited", "credit_default_limit": default}
        )
