from . import credit_automatic_limit_propose
from . import credit_limit_generate
from . import credit_limit_import
from . import credit_limit_reject
