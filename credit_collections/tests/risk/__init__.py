from . import test_profile_history
from . import test_review_due
from . import test_risk_facts
from . import test_risk_override
from . import test_risk_score
