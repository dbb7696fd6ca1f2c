"""The house keeps its order: rooms, who refers to whom, one file a model, no database.

Read from the code's own syntax trees. Exceptions stand in lists here, each with its
reason; one that is no longer needed has to go.
"""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).resolve().parent.parent
ADDON = TOP / "credit_collections"

#: In import order: a room refers to those before it, and offers hooks to the others.
ROOMS = [
    "hub",
    "exposure",
    "approval",
    "risk",
    "collateral",
    "group",
    "limit",
    "strategy",
    "rule",
    "hold",
    "gate",
    "pay",
    "run",
    "contact",
    "promise",
    "dispute",
    "case",
    "channel",
    "collector",
    "events",
]
#: Layers whose files stand in rooms.
CODE = ("models", "wizard", "report", "sql", "engine")
LAYERS = (*CODE, "views", "data", "tests", "static/src")
#: A room of one file is that file, and may have it in the plural.
SINGLE = {**{room: room for room in ROOMS}, **{f"{room}s": room for room in ROOMS}}

#: References down the list: ``(file, room): reason``.
DOWNWARD: dict[tuple[str, str], str] = {}

#: Methods of our models that several rooms define, as the room of the model says.
HOOKS = {
    "collection.action": {"_do"},
    "collection.interaction": {
        "_get_fixed_fields",
        "_get_following_action",
        "_get_promising",
        "_on_actions_logged",
        "_on_logged",
    },
    "credit.group": {"_check_may_write", "_on_created", "_on_written"},
    "credit.hold.pay": {"action_send"},
    "credit.hold": {
        "_continue_unchanged",
        "_cron_evaluate",
        "_evaluate",
        "_is_paid_back",
        "_status_to_release",
    },
    "credit.profile": {
        "_check_may_write",
        "_flush_exposure_fields",
        "_flush_risk_facts",
        "_get_before_written",
        "_get_on_record",
        "_get_stored_figures",
        "_merge_into",
        "_on_figures_written",
        "_on_missing_created",
        "_on_status_lifted",
        "_on_written",
        "_prepare_written_vals",
    },
}

#: Files beside the one of their model: the second subject they have.
SECOND_SUBJECTS = {
    "models/approval/credit_approval_notice.py": "who is told, and by which activity",
    "models/case/collection_case_handover.py": "lawyers and agencies",
    "models/case/collection_case_history.py": "the paper that goes to them",
    "models/case/collection_case_items.py": "items: opening and closing by the ledger",
    "models/channel/collection_action_email.py": "one channel",
    "models/channel/collection_action_letter.py": "one channel",
    "models/channel/collection_action_portal.py": "one channel",
    "models/channel/collection_action_sms.py": "one channel",
    "models/channel/collection_action_unclear.py": "e-mails that may have arrived",
    "models/channel/credit_profile_statement.py": "the statement of open items",
    "models/channel/mail_mail_sending.py": "reminders leave once, also after a crash",
    "models/collateral/credit_collateral_deadline.py": "deadlines of insurers",
    "models/collector/credit_profile_collector.py": "whose customer it is",
    "models/collector/credit_profile_priority.py": "how urgent it is",
    "models/collector/credit_profile_worklist.py": "who is next",
    "models/contact/collection_interaction_gate.py": "messages, whatever sends them",
    "models/contact/collection_interaction_guard.py": "the guard of contacts by hand",
    "models/contact/collection_interaction_kind.py": "what it was, what became of it",
    "models/contact/credit_profile_email.py": "writing to the customer",
    "models/contact/credit_profile_last_contact.py": "the day that the log says",
    "models/dispute/collection_dispute_approval.py": "approval of credits",
    "models/dispute/collection_dispute_credit.py": "credit notes",
    "models/dispute/collection_dispute_task.py": "who answers until when",
    "models/events/credit_profile_install.py": "the job after the installation",
    "models/exposure/credit_profile_figures.py": "stored figures; the other is live",
    "models/exposure/credit_profile_picture.py": "the picture and its drill-down",
    "models/gate/sale_order_change.py": "what moves the credit of an order",
    "models/gate/sale_order_panel.py": "what quotations show",
    "models/group/credit_profile_membership.py": "who is in which group",
    "models/hold/credit_hold_approval.py": "releases that others approve",
    "models/hold/credit_hold_background.py": "evaluating all of them by a job",
    "models/hold/credit_hold_cover.py": "what a decision let through",
    "models/hold/credit_hold_evaluate.py": "asking the rules again",
    "models/hold/credit_hold_force.py": "holds by hand",
    "models/hold/credit_hold_notice.py": "who is told",
    "models/hold/credit_hold_split.py": "release of a part",
    "models/hold/credit_hold_stopped.py": "what was stopped behind confirmation",
    "models/hold/sale_order_checkpoint.py": "checkpoints behind confirmation",
    "models/hold/sale_order_exclude.py": "orders that no rule looks at",
    "models/hold/sale_order_split.py": "the quotation for the rest",
    "models/hold/sale_order_verdict.py": "the verdict of the rules",
    "models/hub/credit_profile_items.py": "receivable items of the customer",
    "models/hub/credit_profile_notes.py": "messages about many customers at once",
    "models/hub/res_company_day.py": "the day that it is for a company",
    "models/hub/res_company_pot.py": "the scope of a company tree",
    "models/limit/credit_limit_change_approval.py": "approval tiers",
    "models/limit/credit_limit_change_check.py": "what must not be proposed",
    "models/limit/credit_limit_change_import.py": "lines from a table",
    "models/limit/credit_limit_change_many.py": "lines made in slices, set-wise",
    "models/limit/credit_limit_change_post.py": "posting, set-wise",
    "models/limit/credit_limit_change_schedule.py": "limits that begin later",
    "models/limit/credit_profile_core_limit.py": "limits of before the installation",
    "models/limit/credit_profile_limit_change.py": "the history of limits",
    "models/limit/credit_profile_standing.py": "what was decided, read at once",
    "models/promise/collection_promise_judge.py": "what became of promises",
    "models/promise/collection_promise_notice.py": "who hears of broken ones",
    "models/risk/credit_profile_history.py": "how the customer bought and paid",
    "models/risk/credit_profile_review.py": "reviews",
    "models/risk/credit_profile_risk_override.py": "a class by hand",
    "models/rule/credit_profile_status.py": "the status of the customer",
    "models/rule/credit_rule_engine.py": "rules as the engine knows them",
    "models/rule/credit_rule_judgement.py": "why a rule held, or did not",
    "models/rule/credit_rule_scope.py": "who a rule is valid for",
    "models/rule/credit_rule_words.py": "what a rule does, in words",
    "models/run/collection_action_words.py": "what texts of actions say",
    "models/run/collection_run_bank.py": "waiting for the bank",
    "models/run/collection_run_batch.py": "doing a run, batch by batch",
    "models/run/collection_run_plan.py": "planning a run, batch by batch",
}


class Model(NamedTuple):
    """One class of a file that declares or extends a model."""

    path: str
    room: str
    name: str
    is_new: bool
    node: ast.ClassDef


@cache
def sources():
    """Return ``{path within the addon: syntax tree}`` of the code in rooms."""
    return {
        str(path.relative_to(ADDON)): ast.parse(path.read_text())
        for layer in CODE
        for path in sorted((ADDON / layer).rglob("*.py"))
        if path.name != "__init__.py"
    }


def room_of(path):
    """Return the room of a file of the addon, ``None`` for those at the door."""
    layer, *inner = Path(path).with_suffix("").parts
    if layer not in CODE:
        return None
    return inner[0] if len(inner) > 1 else SINGLE.get(inner[0])


@cache
def models():
    """Return all classes that declare or extend a model."""
    return [
        Model(path, room_of(path), name, is_new, node)
        for path, tree in sources().items()
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        for name, is_new in [_model_of(node)]
        if name
    ]


def _model_of(node):
    values = {
        target.id: ast.literal_eval(statement.value)
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
    }
    inherited = values.get("_inherit", [])
    inherited = [inherited] if isinstance(inherited, str) else inherited
    name = values.get("_name") or (inherited[0] if inherited else None)
    return name, bool(name) and name not in inherited


@cache
def owners():
    """Return ``{model of ours: its room}``."""
    return {model.name: model.room for model in models() if model.is_new}


def references(path, tree):
    """Yield ``(room, line)`` of everything in a file that belongs to a room."""
    for node in ast.walk(tree):
        model = _named_model(node)
        if model in owners():
            yield owners()[model], node.lineno
        if isinstance(node, ast.ImportFrom) and node.level:
            for target in _imported(path, node):
                if room_of(target):
                    yield room_of(target), node.lineno


def _named_model(node):
    """Return the model in ``env["model"]`` or in the declaration of a relation."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return node.slice.value if ast.unparse(node.value).endswith("env") else None
    if isinstance(node, ast.Call) and re.fullmatch(
        r"fields\.(Many2one|One2many|Many2many)", ast.unparse(node.func)
    ):
        named = [word.value for word in node.keywords if word.arg == "comodel_name"]
        first = next(iter([*node.args, *named]), None)
        return first.value if isinstance(first, ast.Constant) else None
    return None


def _imported(path, node):
    """Return the files of the addon that an import statement may mean."""
    base = Path(path).parent
    for _step in range(node.level - 1):
        base = base.parent
    base = base.joinpath(*(node.module or "").split("."))
    if (ADDON / base).with_suffix(".py").is_file():
        return [str(base.with_suffix(".py"))]
    return [str(base / f"{alias.name}.py") for alias in node.names]


#: What asks a clock for the day, in Python, SQL, JavaScript and in views. Times are not
#: days: ``Datetime.now()`` is free.
CLOCKS = re.compile(
    r"""context_today|context_timestamp|[Dd]ate(time)?\.today|\bCURRENT_DATE\b
        |\bcurrent_date\b
        |now\(\)(\s+AT\ TIME\ ZONE\ '\w+')?\)?\s*::\s*date\b
        |now\([^()]*\)\.date\(\)|\bDateTime\.(now|local)\(|new\ Date\(\)
        |'today\b|&[lg]t;=?\s*today\b""",
    re.VERBOSE,
)
_FILTER = "filters that people choose and change, by their own day, as all of Odoo's"
_COLOUR = "colours alone, by the clock of the browser"
_VIEWS = "credit_collections/views"
#: Where the day of the user is right: ``{path: reason}``.
OWN_CLOCKS = {
    "credit_collections/models/contact/collection_interaction.py": (
        "the name of a contact, which nothing follows from, has the day of the reader"
    ),
    "credit_collections/models/limit/credit_limit_change_line.py": (
        "a list to choose from; what is posted is checked by the day of the company"
    ),
    f"{_VIEWS}/collateral/credit_collateral_views.xml": _COLOUR,
    f"{_VIEWS}/collector/credit_profile_cockpit_views.xml": _COLOUR,
    f"{_VIEWS}/collector/credit_profile_worklist_views.xml": _FILTER,
    f"{_VIEWS}/contact/account_move_line_views.xml": _FILTER,
    f"{_VIEWS}/dispute/collection_dispute_views.xml": _FILTER,
    f"{_VIEWS}/group/credit_group_views.xml": _FILTER,
    f"{_VIEWS}/hold/credit_hold_views.xml": _FILTER,
    f"{_VIEWS}/limit/credit_limit_change_views.xml": _FILTER,
    f"{_VIEWS}/limit/credit_profile_limit_views.xml": _FILTER,
    f"{_VIEWS}/promise/collection_promise_views.xml": f"{_FILTER}; {_COLOUR}",
    f"{_VIEWS}/risk/credit_profile_risk_views.xml": _FILTER,
    f"{_VIEWS}/rule/credit_profile_status_views.xml": _FILTER,
    f"{_VIEWS}/strategy/credit_profile_collections_views.xml": _FILTER,
}


def _asking_for_the_day():
    """Yield ``(path, line number)`` of what asks a clock, in all our addons."""
    for addon in sorted(TOP.glob("credit_collections*")):
        for path in sorted(addon.rglob("*")):
            name = str(path.relative_to(TOP))
            is_code = path.suffix in {".py", ".xml", ".js", ".sql"}
            if not is_code or {"tests", "demo", "lib"}.intersection(path.parts):
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if CLOCKS.search(line):
                    yield name, number


def test_the_day_is_asked_for_in_one_place():
    """What ends or is due does so by the day of the company, not of who looks."""
    found = defaultdict(list)
    for name, number in _asking_for_the_day():
        found[name].append(number)
    unknown = {name: found[name] for name in found.keys() - OWN_CLOCKS.keys()}
    assert unknown == {}
    assert sorted(OWN_CLOCKS.keys() - found.keys()) == [], "exceptions to be removed"


def test_folders_are_rooms():
    for layer in LAYERS:
        folders = {
            path.name
            for path in (ADDON / layer).iterdir()
            if path.is_dir() and path.name != "__pycache__"
        }
        assert folders <= set(ROOMS), layer


def test_the_map_names_the_rooms():
    """The table of ``ARCHITECTURE.md`` has the rooms that are there, in their order."""
    text = (TOP / "ARCHITECTURE.md").read_text()
    table = text.split("| Room | Holds |")[1].split("\n\n")[0]
    assert re.findall(r"^\| (\w+) \|", table, re.MULTILINE) == ROOMS


def test_the_map_names_files_that_are_there():
    text = (TOP / "ARCHITECTURE.md").read_text()
    named = set(re.findall(r"`([\w./]+/[\w./]*)`", text))
    gone = [
        name for name in named if not ((ADDON / name).exists() or (TOP / name).exists())
    ]
    assert sorted(gone) == []


def test_every_file_of_the_code_is_in_a_room():
    assert [path for path in sources() if not room_of(path)] == []


def test_rooms_are_imported_in_their_order():
    for layer in ("models", "wizard", "report"):
        text = (ADDON / layer / "__init__.py").read_text()
        found = re.findall(r"^from \. import (\w+)", text, re.MULTILINE)
        assert found == [room for room in ROOMS if room in found], layer


def test_a_room_refers_only_to_rooms_before_it():
    down = {
        (path, room): line
        for path, tree in sources().items()
        for room, line in references(path, tree)
        if ROOMS.index(room) > ROOMS.index(room_of(path))
    }
    unknown = [
        f"{path}:{down[path, room]} -> {room}"
        for path, room in down.keys() - DOWNWARD.keys()
    ]
    assert sorted(unknown) == []
    assert sorted(DOWNWARD.keys() - down.keys()) == [], "exceptions to be removed"


def test_no_method_of_our_models_is_defined_in_two_rooms():
    rooms = defaultdict(set)
    for model in models():
        if model.name in owners():
            for statement in model.node.body:
                if isinstance(statement, ast.FunctionDef):
                    rooms[model.name, statement.name].add(model.room)
    several = {key for key, found in rooms.items() if len(found) > 1}
    hooks = {(model, name) for model, names in HOOKS.items() for name in names}
    assert sorted(several - hooks) == []
    assert sorted(hooks - several) == [], "no hooks any more"


def test_a_model_has_one_file_in_a_room():
    paths = defaultdict(list)
    for model in models():
        layer = Path(model.path).parts[0]
        if model.path not in paths[layer, model.room, model.name]:
            paths[layer, model.room, model.name].append(model.path)
    doubles = set()
    for (_layer, _room, name), found in paths.items():
        main = [path for path in found if Path(path).stem == name.replace(".", "_")]
        doubles |= set(found) - set(main or found[:1])
    assert sorted(doubles - SECOND_SUBJECTS.keys()) == []
    assert sorted(SECOND_SUBJECTS.keys() - doubles) == [], "exceptions to be removed"


def test_what_is_elevated_says_why():
    """A comment stands in the statement of each ``sudo()``, or right above it."""
    bare = []
    for path, tree in sources().items():
        lines = (ADDON / path).read_text().splitlines()
        for statement in _statements_with_sudo(tree):
            first = max(statement.lineno - 3, 0)
            around = lines[first : statement.end_lineno]
            if not any(re.search(r"(^|\s)# \S", line) for line in around):
                bare.append(f"{path}:{statement.lineno}")
    assert bare == []


def _statements_with_sudo(tree):
    """Yield the innermost statements that call ``sudo()``."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        own = [
            child
            for child in ast.walk(node)
            if isinstance(child, ast.Call)
            and isinstance(child.func, ast.Attribute)
            and child.func.attr == "sudo"
        ]
        inner = [
            child
            for child in ast.walk(node)
            if child is not node and isinstance(child, ast.stmt)
        ]
        within = {id(call) for child in inner for call in ast.walk(child)}
        if any(id(call) not in within for call in own):
            yield node


# === BUTTONS === #


def test_what_a_button_calls_returns_something():
    """XML-RPC knows no ``None``: its caller would read of a failure after the work was
    done and kept."""
    called, silent = 0, []
    for layer in ("models", "wizard"):
        for path in TOP.glob(f"credit_collections*/{layer}/**/*.py"):
            for method in ast.walk(ast.parse(path.read_text())):
                if _is_for_buttons(method):
                    called += 1
                    silent += (
                        [] if _returns(method) else [f"{path.name}: {method.name}"]
                    )
    assert called > 100
    assert not silent


def _is_for_buttons(node):
    return isinstance(node, ast.FunctionDef) and node.name.startswith("action_")


def _returns(method):
    """Tell whether a method ends with a value or an error, and never without one."""
    *_, last = method.body
    values = [node.value for node in ast.walk(method) if isinstance(node, ast.Return)]
    empty = [one for one in values if one is None or ast.unparse(one) == "None"]
    return isinstance(last, ast.Return | ast.Raise) and not empty


# === THE MANUAL === #


def test_what_the_manual_says_is_tested_is_there():
    usage = (TOP / "credit_collections/readme/USAGE.md").read_text()
    promises = usage.partition("## What is promised")[2]
    named = set(re.findall(r"`((?:tests|benchmarks)/[\w/]+\.py)`", promises))
    assert len(named) > 15
    missing = {
        name
        for name in named
        if not (TOP / name).exists()
        and not (TOP / "credit_collections" / name).exists()
    }
    assert not missing
