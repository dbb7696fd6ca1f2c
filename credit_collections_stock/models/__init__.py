# L1 configuration
from . import credit_rule

# L3 documents
from . import credit_hold
from . import credit_hold_line

# L5 extensions of core models
from . import res_company
from . import stock_picking
from . import stock_picking_gate
from . import stock_move
