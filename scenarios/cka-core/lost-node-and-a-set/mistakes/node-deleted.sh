kubectl delete node {{node.lost}}
