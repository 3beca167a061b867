kubectl patch svc gate -n harbor -p '{"spec":{"type":"NodePort","externalTrafficPolicy":"Local"}}'
