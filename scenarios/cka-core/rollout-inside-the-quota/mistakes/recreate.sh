kubectl patch deployment {{app}} -n {{ns}} -p '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}'
