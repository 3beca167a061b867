kubectl drain {{node.own}} --ignore-daemonsets --delete-emptydir-data
