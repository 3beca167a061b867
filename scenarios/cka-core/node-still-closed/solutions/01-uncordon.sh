kubectl uncordon {{node.batch}}
