kubectl taint node {{node.own}} firmware-
