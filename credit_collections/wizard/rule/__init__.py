from . import credit_rule_try
from . import credit_rule_try_line
