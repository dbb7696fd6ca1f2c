from . import credit_hold_force
from . import credit_hold_reject
from . import credit_hold_release
from . import credit_hold_request
from . import credit_hold_split
from . import credit_hold_split_line
from . import credit_order_exclude
