from . import credit_checkpoint_mixin
from . import account_move
from . import account_move_line
from . import sale_order_change
from . import sale_order
from . import sale_order_panel
from . import sale_order_line
from . import res_partner
