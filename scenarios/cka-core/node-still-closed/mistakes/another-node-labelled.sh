kubectl label node {{node.rest}} pool=batch
