kubectl patch node {{node.own}} -p '{"spec":{"taints":null}}'
