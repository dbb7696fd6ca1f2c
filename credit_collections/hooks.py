"""What happens once, when the addon comes into a database with years of data."""

from .sql.limit.core_limit import take_over_core_limits


def post_init_hook(env):
    """Give every customer with receivables or orders a profile, with core's limits."""
    profiles = env["credit.profile"]
    for root in env["res.company"]._credit_roots():
        _take_over_default_limit(env, root)
        env["res.partner"].flush_model(["credit_limit"])
        profiles._create_missing(root)
        _take_over_limits(env, root)
        profiles._prepare_collection(root)


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


def _take_over_limits(env, root):
    """Take over the limits of customers; where core's feature is off they don't bite.

    The amounts are kept then too, so that choosing the policy “Limited” is enough. All
    figures are written on the way.
    """
    profiles = env["credit.profile"]
    statement = take_over_core_limits(root.id, bites=root.account_use_credit_limit)
    rows = env.execute_query(statement)
    changed = profiles.browse(row[0] for row in rows)
    changed.invalidate_recordset(flush=False)
    profiles._refresh_figures(root)
    if root.account_use_credit_limit:
        changed._mirror_to_core(root)  # branches share them from now on
