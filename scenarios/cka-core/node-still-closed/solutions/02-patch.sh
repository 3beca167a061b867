kubectl patch node {{node.batch}} --type=merge -p '{"spec":{"unschedulable":null}}'
