"""The two companies, their currencies, rates, users and credit policy."""

from math import cos

from odoo.fields import Command

from .personalities import FIRST_DAY

#: What Odoo calls a company nobody has named yet.
UNNAMED = ("My Company", "YourCompany", "My Company (San Francisco)")

USERS = {
    "credit_manager": (
        "Credit Manager",
        ("credit_collections.group_credit_manager",),
    ),
    "credit_controller": (
        "Credit Controller",
        ("credit_collections.group_credit_controller",),
    ),
    "collector": ("Collector", ("credit_collections.group_collector",)),
    "collector2": ("Part-time Collector", ("credit_collections.group_collector",)),
    "salesperson": ("Inside Sales", ("sales_team.group_sale_salesman",)),
    "salesperson2": ("Field Sales", ("sales_team.group_sale_salesman",)),
}


def set_up(stage):
    _set_up_companies(stage)
    _set_up_currencies(stage)
    _set_up_users(stage)
    _set_up_policy(stage)


# === COMPANIES === #


def _set_up_companies(stage):
    stage.company = stage.env.ref("base.main_company")
    if stage.company.name in UNNAMED:
        stage.company.write(
            {
                "name": "Halverstone Hardware Wholesale",
                "street": "1200 Foundry Road",
                "city": "Columbus",
                "email": "office@halverstone.example.com",
            }
        )
    _load_accounts(stage, stage.company)
    # the context keeps Odoo from installing the accounting of the country
    companies = stage.env["res.company"].with_context(chart_template_load=True)
    europa = companies.create(
        {
            "name": "Halverstone Europa",
            "street": "Havenkade 8",
            "zip": "3011 AA",
            "city": "Rotterdam",
            "country_id": stage.env.ref("base.nl").id,
        }
    )
    # not before: a new company with an address is looked up over the internet
    europa.email = "kantoor@halverstone.example.com"
    stage.europa = europa.with_env(stage.env)
    _load_accounts(stage, stage.europa)
    stage.europa.currency_id = stage.env.ref("base.EUR")
    _build_warehouse(stage)
    stage.remember({"europa": stage.europa})
    stage.env = stage.env(
        context={
            **stage.env.context,
            "allowed_company_ids": [stage.company.id, stage.europa.id],
        }
    )
    stage.company = stage.company.with_env(stage.env)
    stage.europa = stage.europa.with_env(stage.env)


def _load_accounts(stage, company):
    """Give a company the generic accounts where it has none.

    ``try_loading`` does the same, but warns while addons are being installed.
    """
    if not company.chart_template:
        charts = stage.env["account.chart.template"]
        charts._load("generic_coa", company, install_demo=False)


def _build_warehouse(stage):
    """Goods have to leave from somewhere, where stock is installed."""
    if "stock.warehouse" in stage.env:
        warehouses = stage.env["stock.warehouse"]
        if not warehouses.search_count([("company_id", "=", stage.europa.id)]):
            warehouses.create(
                {
                    "name": stage.europa.name,
                    "code": "EU",
                    "company_id": stage.europa.id,
                    "partner_id": stage.europa.partner_id.id,
                }
            )


# === CURRENCIES === #


def _set_up_currencies(stage):
    dollar, euro = stage.env.ref("base.USD"), stage.env.ref("base.EUR")
    (dollar + euro).active = True
    rates = []
    for month in range(19):
        day = stage.date(FIRST_DAY + 30 * month).replace(day=1)
        euros = round(0.915 + 0.028 * cos(month / 2.7), 4)
        if stage.company.currency_id == dollar:
            rates.append(_rate(euro, day, euros, stage.company))
        rates.append(_rate(dollar, day, 1 / euros, stage.europa))
    stage.env["res.currency.rate"].create(_without_known(stage, rates))
    stage.pricelist = stage.env["product.pricelist"].create(
        {
            "name": "Europe (EUR)",
            "currency_id": euro.id,
            "company_id": stage.company.id,
        }
    )


def _rate(currency, day, rate, company):
    return {
        "currency_id": currency.id,
        "name": day,
        "rate": rate,
        "company_id": company.id,
    }


def _without_known(stage, rates):
    """Leave out days that have a rate already, twice in the list or in the database."""
    keys = ("currency_id", "name", "company_id")
    wanted = {tuple(rate[key] for key in keys): rate for rate in rates}
    for rate in stage.env["res.currency.rate"].search([]):
        key = (rate.currency_id.id, rate.name, rate.company_id.id)
        wanted.pop(key, None)
    return list(wanted.values())


# === USERS === #


def _set_up_users(stage):
    both = stage.company + stage.europa
    (stage.env.user + stage.env.ref("base.user_admin")).write(
        {"company_ids": [Command.link(stage.europa.id)]}
    )
    users = stage.env["res.users"]
    known = {user.login: user for user in users.search([("login", "in", [*USERS])])}
    for login, (name, groups) in USERS.items():
        companies = stage.company if login == "salesperson" else both
        stage.users[login] = known.get(login) or users.create(
            {
                "name": name,
                "login": login,
                "password": login,
                "email": f"{login}@halverstone.example.com",
                "notification_type": "inbox",
                "company_id": stage.company.id,
                "company_ids": [Command.set(companies.ids)],
                "group_ids": [
                    Command.link(stage.env.ref(group).id)
                    for group in ("base.group_user", *groups)
                ],
            }
        )
    stage.remember({f"user_{login}": user for login, user in stage.users.items()})


# === POLICY === #


def _set_up_policy(stage):
    """Set who decides; limits come when the customers have a history."""
    manager = stage.users["credit_manager"]
    stage.company.write(
        {
            "credit_controller_authority": 10000.0,
            "credit_release_tolerance": 0.05,
            "credit_approver_id": manager.id,
        }
    )
    stage.europa.write(
        {
            "credit_controller_authority": 5000.0,
            "credit_approver_id": manager.id,
        }
    )
