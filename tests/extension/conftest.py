#: The addon is for a database of its own: it is never installed in that of the run.
collect_ignore_glob = ["addons/*"]
