from . import test_profile_hold
from . import test_rule_kinds
from . import test_rule_order
from . import test_rule_rights
from . import test_rule_try
