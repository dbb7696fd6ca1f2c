from . import test_gate
from . import test_invoice_checkpoint
from . import test_invoice_checkpoint_doors
from . import test_order_delivered
from . import test_order_doors
from . import test_panel
