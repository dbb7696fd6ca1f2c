from . import base_partner_merge
from . import credit_hold_reject
from . import credit_hold_release
from . import credit_hold_request
from . import collection_action_edit
from . import collection_exclude
from . import collection_simulate
