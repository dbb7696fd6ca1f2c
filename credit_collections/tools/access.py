"""Who may do what, asked in one place: by role, and by the amount at stake."""

from odoo.exceptions import AccessError

COLLECTOR = "credit_collections.group_collector"
CONTROLLER = "credit_collections.group_credit_controller"
MANAGER = "credit_collections.group_credit_manager"

#: Who reads all of a customer's credit: those who work on it, and those who check it.
OFFICE = f"account.group_account_readonly,account.group_account_invoice,{COLLECTOR}"
#: Who reads something of it; salespeople the verdict on their own customers.
READERS = f"sales_team.group_sale_salesman,{OFFICE}"


def has_any(user, *groups):
    """Tell whether a user is in one of the groups."""
    return any(user.has_group(group) for group in groups)


def is_allowed(env, *groups):
    """Tell whether the user is in one of the groups; the system may do everything."""
    return env.su or has_any(env.user, *groups)


def require(env, message, *groups):
    """Refuse those who are in none of the groups.

    :param message: what only these people may do, translated
    :raise AccessError: with that message
    """
    if not is_allowed(env, *groups):
        raise AccessError(message)


def is_within_authority(user, company, amount):
    """Tell whether a user may decide alone on an amount in the company's currency.

    Credit managers may on every amount, credit controllers up to their authority.
    """
    if user.has_group(MANAGER):
        return True
    if not user.has_group(CONTROLLER):
        return False
    # a parameter of the policy, which counts for users who may not read it
    limit = company.sudo().credit_controller_authority
    return company.sudo().currency_id.compare_amounts(amount, limit) <= 0
