"""Credit limits that suit what the customers owe, and the firmer rule."""

from .personalities import chance

#: Limits of customers who owe nothing now, by size.
USUAL = {"S": 3000.0, "M": 12000.0, "L": 40000.0, "XL": 100000.0}


def grant(stage):
    stage.date_messages({})
    # these limits were there before limits only changed by limit changes
    companies = stage.company + stage.europa
    for company in companies:
        company.credit_limit_manual_edit = True
        _grant(stage, company)
        company.credit_limit_manual_edit = False
    _spare_others(stage)
    # customers of the main company without a limit of their own get a small one
    stage.company.write(
        {"credit_default_policy": "limited", "credit_default_limit": 10000.0}
    )
    stage.env.ref("credit_collections.credit_rule_days_overdue").active = True


def _grant(stage, company):
    profiles = stage.env["credit.profile"]
    customers = [one for one in stage.customers if one.company == company]
    partner_ids = [customer.partner.id for customer in customers]
    exposures = profiles._exposure_map(company, partner_ids)
    by_partner = {
        profile.partner_id: profile
        for profile in profiles._ensure(company, partner_ids)
    }
    manager = stage.users["credit_manager"]
    moments = {}
    for customer in customers:
        policy = customer.row["policy"]
        values = {"limit_policy": policy}
        if policy == "limited":
            amounts = exposures.get(customer.partner.id, {})
            values["credit_limit"] = _suitable(customer.row, amounts)
        if policy != "default":
            profile = by_partner[customer.partner]
            stage.as_user(manager, company, profile).write(values)
            day = chance(customer.name, "limit").randint(-300, -60)
            profile.sudo().limit_date = stage.date(day)  # and not of today
            moments[profile] = stage.moment(day, profile.id)
    stage.date_messages(moments)


def _spare_others(stage):
    """Give customers of Odoo's own demo data all the credit: their stories go on."""
    profiles = stage.env["credit.profile"]
    profiles._create_missing(stage.company)
    own = [customer.partner.id for customer in stage.customers]
    profiles.search(
        [("company_id", "=", stage.company.id), ("partner_id", "not in", own)]
    ).limit_policy = "unlimited"


def _suitable(row, amounts):
    """Return a round limit of which the wanted share is used."""
    exposure = sum(amount for name, amount in amounts.items() if name != "oldest_due")
    limit = exposure / float(row["used"])
    if limit < 1000:
        return USUAL[row["size"]]
    step = 500 if limit < 20000 else 1000 if limit < 60000 else 5000
    return round(limit / step) * step
