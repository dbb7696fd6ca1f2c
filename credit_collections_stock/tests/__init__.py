from . import test_delivered_exposure
from . import test_delivery_checkpoint
from . import test_delivery_direct
from . import test_delivery_doors
from . import test_delivery_rights
from . import test_delivery_growth
from . import test_review_growth
