from . import credit_profile_figures
from . import credit_profile
from . import credit_profile_picture
from . import res_company
from . import sale_order
from . import res_partner
