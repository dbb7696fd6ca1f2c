from . import credit_review_due
