# L1 configuration
from . import collection_department
from . import credit_policy_mixin
from . import credit_reason
from . import credit_rule
from . import collection_strategy
from . import collection_step
from . import collection_segment
from . import collection_priority_factor

# L2 facts
from . import credit_profile
from . import credit_profile_limit
from . import credit_profile_status
from . import credit_profile_figures
from . import credit_profile_collect
from . import credit_profile_picture
from . import credit_profile_merge
from . import credit_profile_collections
from . import credit_profile_disputes
from . import credit_profile_cases
from . import credit_profile_cockpit
from . import credit_profile_priority
from . import credit_profile_worklist

# L3 documents
from . import credit_hold
from . import credit_hold_line
from . import credit_hold_decision
from . import credit_hold_notice
from . import collection_dispute
from . import collection_dispute_line
from . import collection_dispute_decide
from . import collection_dispute_task
from . import collection_dispute_credit
from . import collection_case
from . import collection_case_items
from . import collection_case_handover
from . import collection_case_history

# L4 processes
from . import collection_run
from . import collection_action
from . import collection_action_line
from . import collection_send
from . import collection_channel

# L5 extensions of core models
from . import account_account
from . import account_move
from . import account_move_line
from . import account_move_line_case
from . import account_move_line_dispute
from . import account_partial_reconcile
from . import mail_activity
from . import mail_mail
from . import payment_transaction
from . import res_company
from . import res_config_settings
from . import res_partner
from . import sale_order
from . import sale_order_gate
from . import sale_order_hold
from . import sale_order_panel
from . import sale_order_line
