"""Wrappers around methods of a model, outside the overrides of all other addons."""


def put_around(model, name, wrapper):
    """Let ``wrapper(records, origin, *args, **kwargs)`` stand before a method.

    An ordinary override runs inside those of addons that are loaded later, so after
    what they do before they call ``super()``. For ``_register_hook``, which Odoo calls
    anew whenever models are set up; a model without such a method, because its addon is
    not installed, is left alone.
    """
    model_class = model.env.registry[model._name]
    found = getattr(model_class, name, None)
    if found is None or _is_wrapper(found):
        return
    patch = vars(model_class).get(name)  # put there by another addon's hook

    def origin(records, *args, **kwargs):
        if patch:
            return patch(records, *args, **kwargs)
        # found at the call: classes may have joined the model since it was wrapped
        return getattr(super(model_class, records), name)(*args, **kwargs)

    def method(self, *args, **kwargs):
        return wrapper(self, origin, *args, **kwargs)

    # itself: whoever copies our attributes, as functools.wraps does, is not the wrapper
    method.credit_wrapper = method
    method.credit_patch = patch
    if hasattr(found, "_api_model"):  # called without ids
        method._api_model = found._api_model
    setattr(model_class, name, method)


def take_away(model, name):
    """Undo :func:`put_around`, for ``_unregister_hook``."""
    model_class = model.env.registry[model._name]
    own = vars(model_class).get(name)
    if not _is_wrapper(own):
        return
    if own.credit_patch:
        setattr(model_class, name, own.credit_patch)
    else:
        delattr(model_class, name)


def _is_wrapper(method):
    return method is not None and getattr(method, "credit_wrapper", None) is method
