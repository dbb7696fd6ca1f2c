# L1 configuration
from . import credit_policy_mixin
from . import credit_cached_mixin
from . import credit_reason
from . import credit_rule
from . import collection_strategy
from . import collection_step
from . import collection_step_effects
from . import collection_segment
from . import collection_priority_factor
from . import collection_team
from . import collection_team_member
from . import collection_assignment_rule

# L2 facts
from . import credit_profile
from . import credit_profile_limit
from . import credit_profile_status
from . import credit_profile_figures
from . import credit_profile_collect
from . import credit_profile_picture
from . import credit_profile_merge
from . import credit_profile_collections
from . import credit_profile_cockpit
from . import credit_profile_priority
from . import credit_profile_worklist
from . import credit_profile_collector
from . import credit_profile_history
from . import credit_profile_bounce

# L3 documents
from . import credit_hold
from . import credit_hold_line
from . import credit_hold_decision
from . import credit_hold_notice
from . import collection_interaction
from . import collection_interaction_follow
from . import collection_interaction_guard
from . import collection_promise
from . import collection_promise_begin
from . import collection_promise_figures
from . import collection_promise_judge
from . import collection_promise_line
from . import collection_promise_notice
from . import credit_profile_contact
from . import credit_profile_promise

# L4 processes
from . import collection_run
from . import collection_run_lists
from . import credit_profile_simulate
from . import collection_action
from . import collection_action_line
from . import collection_send
from . import collection_cron
from . import collection_bank
from . import collection_channel
from . import collection_assignment
from . import collection_mail
from . import collection_sms
from . import collection_letter
from . import collection_effects
from . import collection_action_words

# L5 extensions of core models
from . import account_account
from . import account_move
from . import account_move_documents
from . import account_move_line
from . import account_partial_reconcile
from . import mail_activity
from . import mail_mail
from . import mail_mail_documents
from . import payment_transaction
from . import res_company
from . import res_config_settings
from . import res_currency
from . import res_currency_rate
from . import res_partner
from . import res_users
from . import res_partner_address
from . import sale_order
from . import sale_order_gate
from . import sale_order_hold
from . import sale_order_panel
from . import sale_order_line
from . import sms_tracker
