"""Whose orders no rule looks at."""

ALWAYS, NEVER = "always", "never"


def is_exempt(choice, *, is_own_company, skips_own_companies):
    """Tell whether the orders of a customer pass without a look.

    :param choice: what was decided about this customer: :data:`ALWAYS` looked at,
        :data:`NEVER`, nothing (``None``)
    :param is_own_company: the customer is a company of this database
    :param skips_own_companies: such customers pass where nothing was decided
    """
    if choice:
        return choice == NEVER
    return is_own_company and skips_own_companies
