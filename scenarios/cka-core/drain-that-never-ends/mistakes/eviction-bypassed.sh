kubectl drain {{node}} --ignore-daemonsets --delete-emptydir-data --disable-eviction --timeout=100s
