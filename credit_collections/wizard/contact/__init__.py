from . import collection_exclude
from . import collection_override
from . import collection_asking
from . import mail_compose_message
from . import sms_composer
from . import account_move_send_wizard
from . import credit_hold_pay
