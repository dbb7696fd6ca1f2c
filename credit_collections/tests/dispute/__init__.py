from . import test_dispute
from . import test_dispute_decide
from . import test_dispute_rights
from . import test_dispute_tour
