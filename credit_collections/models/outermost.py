"""Wrappers around methods of a model, outside the overrides of all other addons."""


def put_around(model, name, wrapper):
    """Let ``wrapper(records, origin, *args, **kwargs)`` stand before a method.

    An ordinary override runs inside those of addons that are loaded later, so after
    what they do before they call ``super()``. For ``_register_hook``; a model without
    such a method, because its addon is not installed, is left alone.
    """
    model_class = model.env.registry[model._name]
    origin = getattr(model_class, name, None)
    if origin is None or hasattr(origin, "credit_origin"):
        return

    def method(self, *args, **kwargs):
        return wrapper(self, origin, *args, **kwargs)

    method.credit_origin = origin
    setattr(model_class, name, method)


def take_away(model, name):
    """Undo :func:`put_around`, for ``_unregister_hook``."""
    model_class = model.env.registry[model._name]
    if hasattr(vars(model_class).get(name), "credit_origin"):
        delattr(model_class, name)
