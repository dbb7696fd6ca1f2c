from . import test_broken_one
from . import test_collection_effects
from . import test_collection_letter
from . import test_collection_mail
from . import test_collection_portal
from . import test_collection_sms
from . import test_collection_texts
from . import test_mail_sending
