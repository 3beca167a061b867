kubectl patch deployment {{app}} -n {{ns}} -p '{"spec":{"strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":"100%"}}}}'
