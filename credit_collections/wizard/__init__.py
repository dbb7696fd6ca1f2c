from . import base_partner_merge
from . import credit_hold_reject
from . import credit_hold_release
from . import credit_hold_request
from . import credit_policy
