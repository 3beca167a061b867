kubectl patch httproute menu -n {{ns}} --type=json -p '[{"op":"add","path":"/spec/rules/0/backendRefs/-","value":{"name":"menu-v2","port":80,"weight":{{share}}}}]'
