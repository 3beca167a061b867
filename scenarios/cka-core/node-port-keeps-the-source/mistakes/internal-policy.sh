kubectl patch svc gate -n harbor -p '{"spec":{"type":"NodePort","internalTrafficPolicy":"Local","ports":[{"port":80,"nodePort":{{nodePort}}}]}}'
