"""All kinds of rules, in the order in which people read them."""

from .rule_kinds_decided import (
    AccountStatus,
    LimitExpired,
    Manual,
    PaymentTerms,
    RiskClass,
    TermsBetter,
)
from .rule_kinds_owed import (
    BrokenPromises,
    DaysOverdue,
    DunningStep,
    LimitUsed,
    OrderAmount,
    OverdueAmount,
)

_ALL = (
    LimitUsed(),
    DaysOverdue(),
    OverdueAmount(),
    OrderAmount(),
    Manual(),
    LimitExpired(),
    AccountStatus(),
    PaymentTerms(),
    TermsBetter(),
    RiskClass(),
    BrokenPromises(),
    DunningStep(),
)

#: Our kinds by name.
KINDS = {kind.engine.name: kind for kind in _ALL}
