from . import test_exposure_deposits
from . import test_exposure_drafts
from . import test_exposure_orders
from . import test_exposure_receivables
from . import test_gate
from . import test_hold
from . import test_tours
