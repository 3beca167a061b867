kubectl patch httproute menu -n {{ns}} --type=json -p '[{"op":"replace","path":"/spec/rules/0/backendRefs/0/name","value":"menu-v2"}]'
