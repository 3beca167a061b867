kubectl taint node {{node.own}} desk-
