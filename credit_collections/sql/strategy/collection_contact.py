"""Who of a customer is contacted, on each channel."""

from odoo.tools import SQL

#: What the statements read, by model.
READS = {
    "credit.profile": ["partner_id", "collection_contact_id"],
    "mail.blacklist": None,
    "phone.blacklist": None,
    "res.partner": None,
    "res.users": ["active", "partner_id", "share"],
}

#: Who is contacted: on any channel, by e-mail, by phone, by SMS, by letter,
#: in the portal.
CONTACTS = (
    "contact_id",
    "email_contact_id",
    "phone_contact_id",
    "sms_contact_id",
    "letter_contact_id",
    "portal_contact_id",
)


def contacts(profile_ids):
    """Select ``profile_id`` and :data:`CONTACTS`: who is contacted on each channel."""
    return SQL(
        """
        SELECT profile.id, contact.id, contact.email_id, contact.phone_id,
               contact.sms_id, contact.letter_id, contact.portal_id
          FROM credit_profile profile
          CROSS JOIN LATERAL (%(contact)s) contact
         WHERE profile.id = ANY(%(profiles)s)
        """,
        contact=best_contacts(),
        profiles=list(profile_ids),
    )


def best_contacts():
    """Who is written to or called, per channel: the first who has the address for it.

    The contact for collections comes first, then contacts for invoices, the customer,
    and its other contacts. Addresses that are on a blacklist, that mails came back
    from, or that Odoo can't read, are none. For each row of ``profile``.
    """
    return SQL(
        """
        SELECT %(any)s AS id, %(email)s AS email_id, %(phone)s AS phone_id,
               %(sms)s AS sms_id, %(letter)s AS letter_id, %(portal)s AS portal_id
          FROM res_partner one
          CROSS JOIN LATERAL (
            SELECT CASE WHEN one.id = profile.collection_contact_id THEN 0
                        WHEN one.id = profile.partner_id THEN 2
                        WHEN one.type = 'invoice' THEN 1
                        WHEN one.type = 'delivery' THEN 4
                        ELSE 3 END) self(rank)
          LEFT JOIN mail_blacklist no_email
            ON no_email.email = one.email_normalized AND no_email.active
          LEFT JOIN phone_blacklist no_phone
            ON no_phone.number = one.phone_sanitized AND no_phone.active
         WHERE one.active
           AND (one.commercial_partner_id = profile.partner_id
                OR one.id = profile.collection_contact_id)
        """,
        any=_first(SQL("rank <= 2")),
        email=_first(
            SQL(
                """one.email_normalized <> '' AND no_email.id IS NULL
                   AND COALESCE(one.message_bounce, 0) = 0"""
            )
        ),
        phone=_first(SQL("one.phone <> ''")),
        sms=_first(SQL("one.phone_sanitized <> '' AND no_phone.id IS NULL")),
        letter=_first(
            SQL("one.street <> '' AND (one.city <> '' OR one.zip <> '')"),
        ),
        portal=_first(
            SQL(
                """EXISTS (SELECT FROM res_users login WHERE login.active
                           AND login.share AND login.partner_id = one.id)"""
            )
        ),
    )


def _first(condition):
    """The id of the lowest rank, and the lowest of those; in one number, because
    PostgreSQL would sort the contacts of each customer for each channel."""
    return SQL(
        """(MIN(rank::bigint << 32 | one.id) FILTER (WHERE %s)
            & 4294967295)::integer""",
        condition,
    )
