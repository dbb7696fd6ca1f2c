from . import credit_decision_count
from . import credit_group
from . import credit_profile
from . import credit_profile_membership
from . import res_company
