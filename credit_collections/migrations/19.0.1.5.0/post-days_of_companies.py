"""Jobs of a day look every hour whose day has turned."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Let those jobs look every hour that nobody gave another rhythm."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in (
        "ir_cron_collateral",
        "ir_cron_collection_assign",
        "ir_cron_collection_promise",
    ):
        cron = env.ref(f"credit_collections.{name}", raise_if_not_found=False)
        if cron and (cron.interval_number, cron.interval_type) == (1, "days"):
            cron.interval_type = "hours"
            cron._trigger()
