from . import test_company_day
from . import test_filling_notice
from . import test_jobs
from . import test_night
from . import test_slices
