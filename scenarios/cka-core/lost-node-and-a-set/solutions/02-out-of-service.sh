kubectl taint node {{node.lost}} node.kubernetes.io/out-of-service=nodeshutdown:NoExecute
