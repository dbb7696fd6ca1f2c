"""What buttons return: what Odoo shows when they are done."""


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


def outcome(message, troubles):
    """Return the action that says what was done and what needs a hand, and reads what
    the page shows again.

    :param troubles: a sentence for each; with any, the message stays until it is closed
    """
    return notification(
        "\n".join([message, *troubles] if message else troubles),
        "warning" if troubles else "success",
        sticky=bool(troubles),
        follows=reload_page(),
    )


def reload_page():
    """Return the action that reads what the page shows again."""
    return {"type": "ir.actions.client", "tag": "soft_reload"}


def open_dialog(env, model, name, **defaults):
    """Return the action that asks with the form of a model, in a window of its own.

    :param defaults: values of fields to begin with
    :raise AccessError: the user may not answer; said before the window opens
    """
    env[model].check_access("create")
    return {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": model,
        "view_mode": "form",
        "target": "new",
        "context": {f"default_{key}": value for key, value in defaults.items()},
    }
