from . import test_credit_group
from . import test_group_decisions
from . import test_group_rights
from . import test_group_sums
