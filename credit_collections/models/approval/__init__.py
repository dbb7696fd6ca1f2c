from . import res_company
from . import credit_approval_tier
from . import credit_approval_substitute
from . import credit_approval_mixin
from . import credit_approval
from . import credit_approval_step
from . import credit_approval_notice
