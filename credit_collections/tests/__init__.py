from . import test_exposure_drafts
from . import test_exposure_receivables
from . import test_gate
from . import test_hold
from . import test_tours
