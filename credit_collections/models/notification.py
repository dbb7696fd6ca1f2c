"""What Odoo tells in the corner of the screen once a button is done."""


def notification(message, kind="success", follows=None, **params):
    """Return the action that shows a message.

    :param kind: success, info, warning or danger
    :param follows: the action after it, by default none
    :param params: ``title``, and ``sticky`` for what stays until it is closed
    """
    params |= {"type": kind, "message": message}
    if follows:
        params["next"] = follows
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": params,
    }


def reload_page():
    """Return the action that reads what the page shows again."""
    return {"type": "ir.actions.client", "tag": "soft_reload"}
