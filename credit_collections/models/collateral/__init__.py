from . import credit_collateral_type
from . import credit_collateral
from . import credit_collateral_deadline
from . import credit_profile
from . import res_company
