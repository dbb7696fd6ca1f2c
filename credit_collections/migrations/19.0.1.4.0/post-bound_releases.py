"""Bounds of releases that are no narrower than what companies release with."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        UPDATE res_company
           SET credit_release_validity_days =
                   LEAST(GREATEST(credit_release_validity_days, 0), 90),
               credit_release_tolerance =
                   LEAST(GREATEST(credit_release_tolerance, 0), 0.5),
               credit_release_validity_cap_days = LEAST(GREATEST(
                   credit_release_validity_cap_days, credit_release_validity_days
               ), 90),
               credit_release_tolerance_cap = LEAST(GREATEST(
                   credit_release_tolerance_cap, credit_release_tolerance
               ), 0.5)
        """
    )
