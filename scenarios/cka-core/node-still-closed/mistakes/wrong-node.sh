kubectl uncordon {{node.broken}}
