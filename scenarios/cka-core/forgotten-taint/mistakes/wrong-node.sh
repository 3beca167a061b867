kubectl taint node {{node.other}} firmware-
