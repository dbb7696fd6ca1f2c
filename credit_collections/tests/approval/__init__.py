from . import test_approval
from . import test_approval_release
from . import test_approval_rights
from . import test_approval_split
