from . import credit_rule
from . import credit_hold
from . import credit_hold_line
from . import res_company
from . import stock_picking
from . import stock_picking_gate
from . import stock_move
from . import sale_order_line
