from . import credit_release_outcome
