kubectl expose deployment gate -n harbor --name=gate-public --type=NodePort --port=80
kubectl patch svc gate-public -n harbor -p '{"spec":{"externalTrafficPolicy":"Local","ports":[{"port":80,"nodePort":{{nodePort}}}]}}'
