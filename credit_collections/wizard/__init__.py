from . import base_partner_merge
from . import credit_hold_reject
from . import credit_hold_release
from . import credit_hold_request
from . import collection_exclude
from . import collection_dispute_accept
from . import collection_dispute_open
from . import collection_dispute_reject
