from . import test_cockpit_write
from . import test_collection_contact
from . import test_contact_doors
from . import test_contact_happened
from . import test_interaction
from . import test_interaction_guard
