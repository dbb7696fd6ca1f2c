from . import collection_promise
from . import collection_promise_begin
from . import collection_promise_figures
from . import collection_promise_judge
from . import collection_promise_line
from . import collection_promise_notice
from . import credit_profile
