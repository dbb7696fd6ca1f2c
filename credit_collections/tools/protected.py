"""What the addon alone writes, and who may change what all companies share.

Both are asked at the door: outside all overrides, where only what a caller gave is
seen, and nothing that our own code adds to it. The way in for our own code is a
superuser environment; a context key is none, anybody can send one along with a call.
"""

from collections.abc import Mapping

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.models import BaseModel
from odoo.orm.models import LOG_ACCESS_COLUMNS

from .outermost import put_around, take_away

#: The methods whose doors are guarded.
DOORS = ("create", "write", "unlink", "default_get", "copy_data", "onchange")

_OURS = "credit_collections"

#: What every model has; core looks after it.
_OF_CORE = {"id", *LOG_ACCESS_COLUMNS}


def is_ours(model):
    """Tell whether a model is one of this addon or of those that belong to it, and
    keeps its records: what dialogs hold is checked by what they do."""
    return model._auto and not (model._abstract or model._transient) and _is_made(model)


def is_dialog(model):
    """Tell whether a model is what a dialog of this addon holds for a while."""
    return model._transient and not model._abstract and _is_made(model)


def _is_made(model):
    return (model._original_module or "").startswith(_OURS)


def find_protected(model):
    """Return the names of the fields of a model that nobody writes by hand.

    These are the stored ones that are declared read-only; of models of others, those
    of them that are ours; and what a model names itself.
    """
    if model._abstract or model._transient:
        return frozenset()
    whole = is_ours(model)
    found = {
        name
        for name, field in model._fields.items()
        if field.store
        and (field.readonly or getattr(field, "figure", False))
        and name not in _OF_CORE
        and (whole or _is_our_field(field))
    }
    # rooms name theirs one by one
    for one in type(model).mro():
        found |= one.__dict__.get("_credit_protected_more", frozenset())
    return frozenset(found.difference(model._credit_by_hand))


def _is_our_field(field):
    return bool(field._modules) and all(
        module.startswith(_OURS) for module in field._modules
    )


def find_moving(model):
    """Return the names of the fields that may take a record to where the user has no
    access: to another company, customer, user or document."""
    return frozenset(
        name
        for name, field in model._fields.items()
        if field.type == "many2one" and field.store
    ).difference(model._credit_handed_on)


def find_pointing(model):
    """Return the names of the fields by which a dialog is told what it is about."""
    return frozenset(
        name
        for name, field in model._fields.items()
        if field.type in ("many2one", "many2many")
        and field.store
        and not field.related
        and not (field.compute and field.readonly)
        and name not in _OF_CORE
        and not model.env[field.comodel_name]._transient
    )


def guard(model):
    """Put the guard before the doors of a model that has something to protect."""
    model_class = model.env.registry[model._name]
    if is_dialog(model):
        model_class._credit_pointing = find_pointing(model)
        put_around(model, "create", _create_dialog)
        put_around(model, "write", _write_dialog)
        put_around(model, "default_get", _default_get_dialog)
        put_around(model, "onchange", _onchange_dialog)
        return
    names = find_protected(model)
    ours = is_ours(model)
    model_class._credit_protected = names
    model_class._credit_protected_new = names.difference(model._credit_born_with)
    model_class._credit_defaults = model_class._credit_protected_new.union(
        model._credit_by_hand, model._credit_own_default
    )
    model_class._credit_moving = find_moving(model) if ours else frozenset()
    if not names and not ours:
        return
    put_around(model, "create", _create)
    put_around(model, "write", _write)
    if names:
        put_around(model, "default_get", _default_get)
        put_around(model, "copy_data", _copy_data)
    if ours:
        put_around(model, "unlink", _unlink)


def take_guard_away(model):
    """Undo :func:`guard`."""
    for name in DOORS:
        take_away(model, name)


# === DOORS === #


def _create(records, origin, vals_list):
    if records.env.su:
        return origin(records, vals_list)
    given = [vals_list] if isinstance(vals_list, Mapping) else vals_list
    protected = records._credit_protected_new
    refused = {
        name
        for vals in given
        for name in protected.intersection(vals)
        if not _is_as_born(records, name, vals[name])
    }
    if refused:
        raise AccessError(records._get_protected_refusal(refused))
    made = origin(records, vals_list)
    if is_ours(records):
        made._check_may_share()
    return made


def _write(records, origin, vals):
    if records.env.su:
        return origin(records, vals)
    refused = records._credit_protected.intersection(vals)
    if refused:
        raise AccessError(records._get_protected_refusal(refused))
    if not is_ours(records) or not records:
        return origin(records, vals)
    records._check_may_share()
    res = origin(records, vals)
    if not records._credit_moving.isdisjoint(vals):
        # core looks at the rules before it writes, not at what a record is then
        if _is_judged_by(records, vals):
            records.check_access("write")
        records._check_may_share()
    return res


def _is_judged_by(records, vals):
    """Tell whether rules look at a field that was written, or that may follow one."""
    rules = records.env["ir.rule"]._compute_domain(records._name, "write")
    names = {one.field_expr.partition(".")[0] for one in rules.iter_conditions()}
    return any(name in vals or records._fields[name].compute for name in names)


def _unlink(records, origin):
    if not records.env.su:
        records._check_may_share()
    return origin(records)


def _default_get(records, origin, fields):
    """Give protected fields the default of the model, whatever a context, or a default
    that a user keeps, proposes; also to records that our own code makes."""
    own = records._credit_defaults
    values = origin(records, [name for name in fields if name not in own])
    for name in own.intersection(fields):
        value = _own_default(records, name)
        if value is not None:
            values[name] = value
    return values


def _copy_data(records, origin, default=None):
    """Leave out of copies what nobody gives to new records."""
    vals_list = origin(records, default)
    if records.env.su:
        return vals_list
    dropped = records._credit_protected_new.difference(default or ())
    return [
        {name: value for name, value in vals.items() if name not in dropped}
        for vals in vals_list
    ]


def _own_default(records, name):
    field = records._fields[name]
    if not field.default:
        return None
    value = field.convert_to_cache(field.default(records), records, validate=False)
    return field.convert_to_write(value, records)


def _is_as_born(records, name, value):
    """Tell whether a value is what a new record has anyway."""
    field = records._fields[name]
    if field.type in ("one2many", "many2many"):
        return not _named_ids(value) and not any(map(_given_values, value or ()))
    return value == _own_default(records, name) or not (value or field.default)


# === DIALOGS === #


def _create_dialog(records, origin, vals_list):
    made = origin(records, vals_list)
    _check_may_point(made)
    return made


def _write_dialog(records, origin, vals):
    res = origin(records, vals)
    _check_may_point(records)
    return res


def _default_get_dialog(records, origin, fields):
    values = origin(records, fields)
    _check_may_name(records, values)
    return values


def _onchange_dialog(records, origin, values, field_names, fields_spec):
    """What is no record yet is worked out, too."""
    _check_may_name(records, values)
    return origin(records, values, field_names, fields_spec)


def _check_may_point(dialogs):
    """Refuse dialogs about records that their user may not read: what a dialog shows
    and does about them may be worked out as superuser."""
    if dialogs.env.su:
        return
    for name in dialogs._credit_pointing:
        # as superuser, rules would leave out the very records that are asked about
        _check_may_read(dialogs.sudo()[name].sudo(False))


def _check_may_name(dialogs, values):
    """Refuse values that name such records, of the dialog or of its lines."""
    if dialogs.env.su:
        return
    for name, value in values.items():
        field = dialogs._fields.get(name)
        if field is None or not field.relational:
            continue
        named = dialogs.env[field.comodel_name]
        if name in dialogs._credit_pointing:
            _check_may_read(named.browse(_named_ids(value)).exists())
        elif is_dialog(named) and field.type != "many2one":
            for line in filter(None, map(_given_values, value or ())):
                _check_may_name(named, line)


def _check_may_read(records):
    if records._name == "res.company":
        # whoever works in a branch goes by the policy of its root
        records -= records.env.user.sudo().company_ids.root_id.with_env(records.env)
    records.check_access("read")


# === COMMANDS === #


def _named_ids(value):
    """Return the ids of the records that the value of a relation names, by commands or
    as core also takes them."""
    if isinstance(value, BaseModel):
        return value.ids
    if not isinstance(value, list | tuple):
        value = [value]
    elif value and isinstance(value[0], int) and not isinstance(value[-1], int):
        value = [value[0]]  # an id and its name
    return [
        id_ for one in value for id_ in _ids_of(one) if isinstance(id_, int) and id_
    ]


def _ids_of(command):
    if isinstance(command, Mapping):
        return (command.get("id"),)
    if not isinstance(command, list | tuple):
        return (command,)
    if command[0] == Command.SET:
        return command[2]
    if command[0] in (Command.LINK, Command.UPDATE):
        return (command[1],)
    return ()


def _given_values(command):
    """Return the values that a command gives to a record, none where it gives none."""
    if isinstance(command, Mapping):
        return command
    if isinstance(command, list | tuple) and command[0] in (
        Command.CREATE,
        Command.UPDATE,
    ):
        return command[2]
    return None
