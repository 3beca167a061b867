kubectl patch svc gate -n harbor -p '{"spec":{"type":"NodePort","externalTrafficPolicy":"Local","ports":[{"port":80,"nodePort":{{nodePort}}}]}}'
