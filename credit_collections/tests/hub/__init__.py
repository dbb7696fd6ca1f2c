from . import test_install
from . import test_outermost
from . import test_partner_merge
from . import test_policy
from . import test_profile
from . import test_profile_records
from . import test_profile_rights
from . import test_unused_features
