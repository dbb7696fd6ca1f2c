from . import credit_risk_override
