from . import test_hold
from . import test_hold_background
from . import test_hold_exempt
from . import test_hold_force
from . import test_hold_split
from . import test_order_exclude
from . import test_release_outcome
from . import test_release_bounds
