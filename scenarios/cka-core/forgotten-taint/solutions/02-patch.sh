kubectl patch node {{node.own}} -p '{"spec":{"taints":[{"key":"desk","value":"{{desk}}","effect":"NoSchedule"}]}}'
