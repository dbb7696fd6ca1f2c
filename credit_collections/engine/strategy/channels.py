"""The channels of contacts: what each needs, and how a customer is reached on it.

A channel is registered once, as a :class:`Channel`. Other addons add theirs in the hook
of the model that steps, actions and the contact log share.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to contact a customer.

    :param need: whom of the customer it needs, by the name of the fact;
        ``None`` = nobody in particular
    :param text: the field of a step that has its text, ``None`` = it needs none
    :param is_spoken: somebody has to be there to be reached
    :param is_written: it has reached the customer when the action is done, and is a
        contact of the log then
    :param is_immediate: there is nothing to wait for once it was done
    :param is_by_person: a person of the company does it
    """

    name: str
    need: str | None = None
    text: str | None = None
    is_spoken: bool = False
    is_written: bool = False
    is_immediate: bool = False
    is_by_person: bool = False

    @property
    def method(self):
        """The method of actions that does it."""
        return f"_do_{self.name}"


_MAIL, _SMS = "mail_template_id", "sms_template_id"
_ALL = (
    Channel("email", "email_contact_id", _MAIL, is_written=True),
    Channel("sms", "sms_contact_id", _SMS, is_written=True),
    Channel("letter", "letter_contact_id", _MAIL, is_written=True),
    # a message in the portal is there at once
    Channel("portal", "portal_contact_id", _MAIL, is_written=True, is_immediate=True),
    Channel("call", "phone_contact_id", is_spoken=True, is_by_person=True),
    Channel("task", is_by_person=True),
)

#: Channels of steps by name, in the order in which people read them.
CHANNELS = {channel.name: channel for channel in _ALL}

#: Those of the contact log besides: no run does them.
BY_HAND = {
    channel.name: channel
    for channel in (Channel("visit", is_spoken=True), Channel("other"))
}

#: Which contact a channel needs; the others need none.
NEEDS = {name: channel.need for name, channel in CHANNELS.items() if channel.need}
